import Egress
import TestSupport
import Testing

@Suite("TLS", .timeLimit(.minutes(1)))
struct TransferSecurityTests {
    private let folder: TemporaryFolder
    private let certificate: String
    private let server: UnreliableServer

    init() throws {
        folder = try TemporaryFolder()
        certificate = try UnreliableServer.makeCertificate(in: folder)
        server = try UnreliableServer(certificate: certificate)
    }

    @Test("of a server that nobody vouches for is refused")
    func unknown() async throws {
        let heard = try await HTTPClient().exchange("https://localhost:\(server.port)/hello")
        guard case .certificate(host: "localhost", _) = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
        #expect(heard.status == nil)
    }

    @Test("of a server with an authority of the operator's carries HTTP/2")
    func known() async throws {
        let client = try HTTPClient(HTTPClient.Settings(authorityFile: certificate + ".crt"))
        let heard = try await client.exchange("https://localhost:\(server.port)/hello")
        #expect(heard.error == nil)
        #expect(heard.status == 200)
        #expect(heard.text == "over h2")
    }

    @Test("of a server with another name is refused")
    func otherName() async throws {
        let client = try HTTPClient(HTTPClient.Settings(authorityFile: certificate + ".crt"))
        let heard = try await client.exchange("https://127.0.0.1:\(server.port)/hello")
        guard case .certificate(host: "127.0.0.1", _) = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
        #expect(heard.status == nil)
    }
}
