import Glibc
import PraximousJSON
import PraximousPlugin
import TestSupport
import Testing

@Suite("A fetch that waits", .timeLimit(.minutes(1)))
struct FetchTests {
    private func fetch(
        _ change: (inout FakeHost.Options) -> Void = { _ in },
        _ answer: (@Sendable (FakeExchange) -> Void)?
    ) throws -> (record: CallRecord, exchanges: [FakeExchange]) {
        var options = FakeHost.Options()
        options.answer = answer
        change(&options)
        let driver = try PluginDriver(probe.table(1, 0), host: FakeHost(options))
        let record = driver.call("fetch", ["url": "https://acme.example/"])
        return (record, driver.host.exchanges)
    }

    @Test("brings status, headers and the whole body, whatever pieces it came in")
    func success() throws {
        let (record, exchanges) = try fetch { exchange in
            exchange.head(203, ["Content-Type": "text/plain"])
            exchange.body("12345")
            exchange.body("67890")
            exchange.end()
        }
        #expect(record.result == ["status": 203, "type": "text/plain", "body": "1234567890"])
        #expect(exchanges.map(\.url) == ["https://acme.example/"])
    }

    @Test("refuses a body that is longer than allowed, and ends the exchange")
    func tooLarge() throws {
        let (record, exchanges) = try fetch { exchange in
            exchange.head(200)
            exchange.body("1234567890")
            exchange.body("1")
            exchange.end()
        }
        #expect(record.failure?.code == "body_too_large")
        #expect(record.failure?.message == "The server's answer is longer than 10 bytes.")
        #expect(exchanges.first?.isCancelled == true)
    }

    @Test(
        "fails in words of its own, and gives the host's to the log",
        arguments: [
            (-3, "address_refused"), (-6, "upstream_timeout"), (-9, "upstream_unreachable"), (-5, "cancelled"),
            (-10, "exchange_failed"),
        ]
    )
    func failures(_ status: Int32, _ code: String) throws {
        let (record, _) = try fetch { exchange in exchange.end(status, "because") }
        #expect(record.failure?.code == code)
        #expect(record.failure?.message.contains("because") == false)
        #expect(record.log == ["2 an HTTP exchange failed: because"])
    }

    @Test("says that the host refused it at once")
    func refused() throws {
        let (record, _) = try fetch({ $0.startStatus = -3 }, nil)
        #expect(record.failure?.code == "exchange_refused")
        #expect(record.failure?.status == -3)
    }

    @Test("ends at the call's deadline when the host does not end it")
    func deadline() throws {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let soon = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec) + 100_000_000
        let (record, exchanges) = try fetch({ $0.deadline = soon }, nil)
        #expect(record.failure?.code == "upstream_timeout")
        #expect(exchanges.first?.isCancelled == true)
    }

    @Test("ends when nobody wants the answer any more")
    func cancelled() throws {
        let (record, exchanges) = try fetch({ $0.isCancelled = true }, nil)
        #expect(record.failure?.code == "cancelled")
        #expect(exchanges.first?.isCancelled == true)
    }

    @Test("masks a secret that the server repeats")
    func mask() throws {
        let (record, _) = try fetch { $0.answer(200, [:], "a key, key") }
        #expect(record.result?["body"] == "a ***, ***")
    }
}

@Suite("Mail of a skill")
struct MailSendingTests {
    private func driver(_ change: (inout FakeHost.Options) -> Void = { _ in }) throws -> PluginDriver {
        var options = FakeHost.Options()
        change(&options)
        return try PluginDriver(probe.table(1, 0), host: FakeHost(options))
    }

    @Test("reaches the host as it was written")
    func sent() throws {
        let driver = try driver()
        #expect(driver.call("mail", ["to": ["a@b.example", "c@d.example"]]).result == "sent")
        #expect(driver.call("mail", ["to": ["a@b.example"], "html": "<p>Hi.</p>"]).result == "sent")
        #expect(
            driver.host.sentMail == [
                FakeMail(to: ["a@b.example", "c@d.example"], subject: "Grüße", text: "Hi."),
                FakeMail(to: ["a@b.example"], subject: "Grüße", text: "Hi.", html: "<p>Hi.</p>"),
            ]
        )
    }

    @Test("fails with the host's sentence")
    func refused() throws {
        let record = try driver {
            ($0.mailStatus, $0.mailReason) = (-3, "Nobody may write there.")
        }.call("mail", ["to": []])
        #expect(record.failure?.status == -3)
        #expect(record.failure?.message == "Nobody may write there.")
    }

    @Test("fails where the host has no such service")
    func missing() throws {
        let record = try driver { $0.missing = ["prax.host.mail/1"] }.call("mail", ["to": []])
        #expect(record.failure?.code == "no_mail")
    }
}
