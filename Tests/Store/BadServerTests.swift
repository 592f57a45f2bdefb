import Foundation
import PraximousJSON
import TestSupport
import Testing

/// The official store behind a server that spoils one file.
@Suite("A store whose server") struct BadServerTests {
    /// A fault, what it spoils, and what must come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: BadServer.Fault
        let file: String
        let exit: Int32
        let words: String

        var testDescription: String { "\(fault.rawValue) of \(file)" }
    }

    private static let index = "/skills.json"
    private static let signature = "/registry/skills.json.sig"
    private static let timestamp = "/registry/timestamp.json"
    private static let package = ".tar.gz"

    /// The same end whatever file is spoiled.
    private static func each(_ fault: BadServer.Fault, _ exit: Int32, _ words: String) -> [Case] {
        [index, signature, timestamp, package].map { Case(fault: fault, file: $0, exit: exit, words: words) }
    }

    private static let cases: [Case] = [
        each(.broken, 6, "answered HTTP 500"), each(.forbidden, 6, "answered HTTP 403"),
        each(.truncated, 6, "cannot be reached"), each(.endless, 4, "sends more than the"),
        each(.dripping, 6, "did not answer in time"), each(.silent, 6, "did not answer in time"),
        each(.reset, 6, "cannot be reached"), each(.garbage, 6, "cannot be reached"),
        each(.headers, 6, "cannot be reached"),
        each(.fileRedirect, 6, "which is refused: only https and http can be redirected to"),
        each(.metadataRedirect, 6, "redirects to 169.254.169.254, which is refused: it is an internal address"),
        each(.loopRedirect, 6, "redirects more than 5 times"),
        each(.emptyRedirect, 6, "which is refused: the target cannot be read"),
        each(.longer, 4, ""), each(.shorter, 4, ""), each(.bomb, 4, ""),
        [
            Case(fault: .missing, file: index, exit: 6, words: "There is no index at"),
            Case(fault: .missing, file: signature, exit: 4, words: "its signature is missing"),
            Case(fault: .missing, file: package, exit: 6, words: "answered HTTP 404"),
        ],
    ].flatMap(\.self)

    @Test("misbehaves is told so in time, and nothing is installed", .timeLimit(.minutes(2)), arguments: cases)
    func faults(_ row: Case) async throws {
        let server = try BadServer(folder: SourceTree.root, fault: row.fault, file: row.file)
        try await check(row, server)
    }

    @Test("leaves https by a redirect is not followed", arguments: [index, signature, package])
    func downgrade(_ file: String) async throws {
        let folder = try TemporaryFolder()
        let certificate = try UnreliableServer.makeCertificate(in: folder)
        let server = try BadServer(
            folder: SourceTree.root,
            fault: .plainRedirect,
            file: file,
            certificate: certificate
        )
        let words = "which is refused: a redirect may not leave https"
        try await check(
            Case(fault: .plainRedirect, file: file, exit: 6, words: words),
            server,
            environment: Self.trusting(certificate)
        )
    }

    @Test("behaves is installed from", arguments: [false, true])
    func good(_ isSecure: Bool) async throws {
        let folder = try TemporaryFolder()
        let certificate = isSecure ? try UnreliableServer.makeCertificate(in: folder) : nil
        let server = try BadServer(folder: SourceTree.root, fault: nil, file: "", certificate: certificate)
        let scratch = try ScratchFolder()
        let install = try await Self.install(
            scratch,
            server,
            environment: certificate.map(Self.trusting) ?? [:]
        )
        #expect(install.exitCode == 0, "\(install.errors)")
    }

    /// The first of them may be set for the tests themselves, and counts before the other.
    private static func trusting(_ certificate: String) -> [String: String] {
        ["CURL_CA_BUNDLE": certificate + ".crt", "SSL_CERT_FILE": certificate + ".crt"]
    }

    private func check(_ row: Case, _ server: BadServer, environment: [String: String] = [:]) async throws {
        let scratch = try ScratchFolder()
        let start = ContinuousClock.now
        let install = try await Self.install(scratch, server, environment: environment)
        let time = ContinuousClock.now - start
        #expect(install.exitCode == row.exit, "\(install.output) \(install.errors)")
        let error = try #require(JSON.parse(install.output)["error"])
        #expect(error["exit"]?.intValue == Int(row.exit))
        let message = error["message"]?.stringValue ?? ""
        #expect(row.words.isEmpty || message.contains(row.words), "\(message)")
        #expect(error["hint"]?.stringValue?.isEmpty == false, "\(message)")
        // Far from the 15 minutes of the defaults; most of it is the start of a debug build on a busy machine.
        #expect(time < .seconds(60), "\(time)")
        let left = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
        #expect(!left.contains { $0.contains("uuid-tools") || $0.hasSuffix(".part") }, "\(left)")
    }

    private static func install(_ scratch: ScratchFolder, _ server: BadServer, environment: [String: String])
        async throws -> Command
    {
        let limits = "connect_timeout: 2s, idle_timeout: 2s, timeout: 8s, min_bytes_per_second: 64"
        try scratch.write("store: { \(limits) }\n", to: "config/praximous.yaml")
        return try await Command.host(
            ["plugins", "install", "--yes", "uuid_tools", "--json"],
            root: scratch.path,
            index: server.address + "/",
            environment: environment
        )
    }
}
