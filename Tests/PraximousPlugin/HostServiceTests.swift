import PraximousJSON
import PraximousPlugin
import TestSupport
import Testing

@Suite("The host as a skill sees it")
struct HostServiceTests {
    private func driver(_ change: (inout FakeHost.Options) -> Void = { _ in }) throws -> PluginDriver {
        var options = FakeHost.Options()
        change(&options)
        return try PluginDriver(probe.table(1, 0), host: FakeHost(options))
    }

    @Test("gives configuration by JSON pointer")
    func config() throws {
        let driver = try driver { $0.config = ["": #"{"dpi":300}"#, "/dpi": "300", "/bad": "{"] }
        #expect(driver.call("config", ["pointer": "/dpi"]).result == 300)
        #expect(driver.call("config", ["pointer": ""]).result == ["dpi": 300])
        #expect(driver.call("config", ["pointer": "/absent"]).result == "none")
        #expect(driver.call("config", ["pointer": "/bad"]).result == "none")
    }

    @Test("gives secrets as bytes")
    func secret() throws {
        let driver = try driver { $0.secrets = ["TOKEN": [0, 255, 7], "EMPTY": []] }
        #expect(driver.call("secret", ["name": "TOKEN"]).result == [0, 255, 7])
        #expect(driver.call("secret", ["name": "EMPTY"]).result == [])
        #expect(driver.call("secret", ["name": "OTHER"]).result == [])
    }

    @Test("tells name, deadline and the request's context")
    func context() throws {
        let driver = try driver {
            $0.deadline = 5_000_000_000
            $0.context = #"{"id":"r-1"}"#
        }
        #expect(
            driver.call("context", [:]).result
                == ["context": ["id": "r-1"], "deadline": 5_000_000_000, "host": "fake-host 9.8.7"]
        )
    }

    @Test("takes log lines it wants, with their fields and their request")
    func log() throws {
        let driver = try driver()
        #expect(driver.call("log", [:]).log == ["3 low on ink level=3 % color="])
        #expect(driver.host.log == ["2 probe starts"])
    }

    @Test("may lack services", arguments: ["prax.host.log/1", "prax.host.config/1"])
    func missingService(id: String) throws {
        let driver = try driver { $0.missing = [id] }
        #expect(driver.call("echo", [:]).result == ["echo": [:]])
        #expect(driver.call("config", [:]).result == "none")
        #expect(driver.call("secret", ["name": "TOKEN"]).result == [])
        #expect(driver.call("log", [:]).result == .some(.null))
    }

    @Test("that cannot take an end is told the kind of failure alone")
    func noCallTable() throws {
        let driver = try driver { $0.missing = ["prax.host.call/1"] }
        #expect(driver.call("echo", [:]).returned == -10)
        #expect(driver.call("fail", [:]).returned == -1)
        #expect(driver.call("stop", [:]).returned == -10)
        #expect(driver.call("stream", [:]).returned == -2)
    }

    /// 8 bytes each: size, deadline_ns, is_cancelled, on_cancel, emit, try_emit, credit, on_credit, finish, fail, context.
    @Test(
        "may be older: functions past its table's size are not called",
        arguments: [
            (UInt32(88), true, true, true), (80, true, true, true), (72, true, false, true), (79, true, false, true),
            (40, false, false, true), (32, false, false, false), (4, false, false, false), (0, false, false, false),
        ]
    )
    func shortCallTable(size: UInt32, finishes: Bool, fails: Bool, emits: Bool) throws {
        let driver = try driver { $0.sizes = ["prax.host.call/1": size] }
        #expect((driver.call("echo", [:]).result != nil) == finishes)
        #expect((driver.call("fail", [:]).failure != nil) == fails)
        #expect((driver.call("stream", [:]).events.count == 3) == emits)
    }

    @Test("may be so old that it has no services at all")
    func shortHost() throws {
        let driver = try driver { $0.sizes = ["host": 48] }
        #expect(driver.call("echo", [:]).returned == -10)
    }
}
