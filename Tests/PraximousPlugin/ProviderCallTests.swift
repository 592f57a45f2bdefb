import PraximousJSON
import PraximousPlugin
import TestSupport
import Testing

@Suite("A call of a provider")
struct ProviderCallTests {
    private func driver(_ change: (inout FakeHost.Options) -> Void = { _ in }) throws -> PluginDriver {
        var options = FakeHost.Options()
        change(&options)
        return try PluginDriver(probeProvider.table(1, 0), host: FakeHost(options))
    }

    /// Waits for what another thread does.
    private func ended(_ call: OpenCall) async throws -> CallRecord {
        while call.record.ends == 0 { await Task.yield() }
        return call.record
    }

    @Test("is offered by the provider interface and no other")
    func interfaces() throws {
        let driver = try driver()
        #expect(driver.interface("prax.provider/1") != nil)
        #expect(driver.interface("prax.provider/1") == driver.interface("prax.provider/1"))
        #expect(driver.interface("prax.skill/1") == nil)
    }

    @Test("ends at once when the provider knows the answer")
    func plain() throws {
        let driver = try driver()
        let call = driver.chat(#"{"model":"plain"}"#)
        #expect(call.returned == 0)
        #expect(call.result == ["id": "plain"])
        #expect(call.record.ends == 1)
        #expect(driver.models().result == ["models": [["id": "plain"]]])
        #expect(driver.health().result == ["status": "ok"])
    }

    @Test("ends with what the provider throws, and tells the client nothing of what it did not mean to")
    func failures() throws {
        let driver = try driver()
        let refused = driver.chat(#"{"model":"refusing"}"#)
        #expect(refused.failure?.status == -4)
        #expect(refused.failure?.code == "model_not_found")
        let surprised = driver.chat(#"{"model":"surprising"}"#)
        #expect(surprised.failure?.message == "The provider failed unexpectedly.")
        #expect(surprised.record.log == ["4 unexpected error: Surprise()"])
    }

    @Test("that the provider forgets fails all the same")
    func forgotten() throws {
        let call = try driver().chat(#"{"model":"forgetful"}"#)
        #expect(call.failure?.code == "no_result")
        #expect(call.record.ends == 1)
    }

    @Test("may end long after the function has returned")
    func later() async throws {
        let driver = try driver()
        let call = driver.chat(#"{"model":"later"}"#)
        #expect(call.returned == 1)
        #expect(try await ended(call).result == ["id": "later"])
        #expect(try await ended(driver.chat(#"{"model":"never"}"#)).result == ["id": "called off"])
    }

    @Test("hears an exchange from its head to its end")
    func exchange() throws {
        let driver = try driver()
        let call = driver.chat(#"{"model":"relayed"}"#)
        #expect(call.returned == 1)
        let exchange = try #require(driver.host.exchanges.first)
        #expect(exchange.method == "POST")
        #expect(exchange.url == "http://127.0.0.1:1/v1")
        #expect(exchange.headers == ["x-a": "1", "x-b": ""])
        #expect(exchange.body == Array("hi".utf8))
        exchange.head(200, ["Content-Type": "text/plain"])
        exchange.body(#"{"a":1}"#)
        exchange.body("{")
        #expect(call.events == [["status": 200, "type": "text/plain"], ["a": 1], "refused"])
        exchange.end()
        #expect(call.result == "complete")
        #expect(call.record.ends == 1)
    }

    @Test("hears why an exchange broke off, and when the host does not begin one")
    func brokenExchange() throws {
        let driver = try driver()
        let call = driver.chat(#"{"model":"relayed"}"#)
        driver.host.exchanges.first?.end(-9, "reset by peer")
        #expect(call.failure == .init(status: -9, code: "cut", message: "reset by peer", details: nil))

        let denied = try self.driver { $0.startStatus = -3 }.chat(#"{"model":"relayed"}"#)
        #expect(denied.failure?.status == -3)
        #expect(denied.failure?.code == "exchange_refused")
        let without = try self.driver { $0.missing = ["prax.host.http/1"] }.chat(#"{"model":"relayed"}"#)
        #expect(without.failure?.code == "no_http")
    }

    @Test("hands over embeddings as numbers")
    func vectors() throws {
        let call = try driver().embed(["a", "", "abc"], model: "m")
        #expect(call.record.vectors == [[1, 0.5], [0, 0.5], [3, 0.5]])
        #expect(call.result == ["model": "m"])
    }

    @Test("keeps what a slow client has no room for, in order, and ends after it")
    func slowClient() throws {
        let driver = try driver { $0.creditBytes = 20 }
        let call = driver.chat(#"{"model":"streaming","count":5}"#)
        #expect(call.events == [["n": 1], ["n": 2]])
        #expect(call.returned == 1)
        call.giveCredit(8)
        #expect(call.events.count == 3)
        #expect(call.result == nil)
        call.giveCredit(100)
        #expect(call.events == [["n": 1], ["n": 2], ["n": 3], ["n": 4], ["n": 5]])
        #expect(call.result == ["id": "streamed"])
        call.giveCredit(100)
        #expect(call.record.ends == 1)
    }

    @Test("of a slow client who leaves is let go of")
    func slowClientLeaves() async throws {
        let driver = try driver { $0.creditBytes = 8 }
        let call = driver.chat(#"{"model":"streaming","count":5}"#)
        #expect(call.record.ends == 0)
        call.cancel()
        #expect(try await ended(call).events.count == 1)
    }

    @Test("does not fill the memory for a client who does not read")
    func neverReads() throws {
        let driver = try driver { $0.creditBytes = 0 }
        let call = driver.chat(#"{"model":"streaming","count":500000}"#)
        #expect(call.failure?.code == "client_too_slow")
        #expect(call.record.ends == 1)
    }
}
