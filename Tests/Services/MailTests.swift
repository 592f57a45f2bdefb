import Core
import Egress
import PluginRuntime
import Services
import TestSupport
import Testing

@Suite struct MailTests {
    private let plugin: TestPlugin
    private let server: ScriptedMailServer

    init() throws {
        plugin = try TestPlugin()
        server = try ScriptedMailServer()
    }

    private func services(_ permissions: [Permission], allowed: [String]) throws -> LocalServices {
        let smtp = MailServer(
            host: "127.0.0.1",
            port: server.port,
            security: .none,
            sender: try #require(MailAddress("praximous@acme.example"))
        )
        return try plugin.services(
            permissions,
            mail: MailPolicy(delivery: MailDelivery(server: smtp), recipients: MailDomains(allowed))
        )
    }

    private func refusal(
        _ services: LocalServices,
        to: [String],
        subject: String = "Hello"
    ) async throws -> MailRefusal? {
        let (message, call) = (MailMessage(to: to, subject: subject, text: "Hi."), plugin.call())
        return try await Blocking.run {
            do throws(MailRefusal) {
                try services.send(message, for: call)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("mail goes to domains that both the manifest and the operator name")
    func goes() async throws {
        let services = try services([.networkSMTP(domains: ["acme.example"])], allowed: ["*"])
        #expect(services.tables == [.metrics, .mail])
        #expect(try await refusal(services, to: ["ana@acme.example", "bob@acme.example"]) == nil)
        #expect(plugin.notes.all.isEmpty)
    }

    @Test("everybody else is denied, and the operator hears of it")
    func isDenied() async throws {
        let granted = try services([.networkSMTP(domains: ["acme.example"])], allowed: ["*"])
        #expect(try await refusal(granted, to: ["ana@acme.example", "eve@evil.example"])?.status == .denied)
        let allowed = try services([.networkSMTP(domains: ["*"])], allowed: [])
        #expect(try await refusal(allowed, to: ["ana@acme.example"])?.status == .denied)
        let without = try services([], allowed: ["*"])
        #expect(try await refusal(without, to: ["ana@acme.example"])?.status == .denied)
        #expect(plugin.notes.all.count == 3)
        #expect(!server.output.text.contains("MAIL FROM"))
    }

    @Test("a line break in a recipient or a subject sends nothing")
    func isNotInjected() async throws {
        let services = try services([.networkSMTP(domains: ["*"])], allowed: ["*"])
        let inRecipient = try await refusal(services, to: ["ana@acme.example\r\nRCPT TO:<eve@evil.example>"])
        #expect(inRecipient?.status == .invalid)
        let inSubject = try await refusal(services, to: ["ana@acme.example"], subject: "a\r\nBcc: eve@evil.example")
        #expect(inSubject?.status == .invalid)
        #expect(!server.output.text.contains("evil"))
    }

    @Test("without a mail section the plugin hears what the operator has to set")
    func isUnavailable() async throws {
        let services = try plugin.services([.networkSMTP(domains: ["*"])])
        let refusal = try await refusal(services, to: ["ana@acme.example"])
        #expect(refusal?.status == .unavailable)
        #expect(refusal?.reason.contains("`mail:`") == true)
    }
}
