import Core
import PluginRuntime
import TestSupport
import Testing

@Suite("A call that does not come back", .timeLimit(.minutes(1))) struct HangTests {
    private let plugin: Rendezvous
    private let hung = Signal()
    private let recovered = Signal()

    init() throws {
        plugin = try Rendezvous()
        plugin.instance.onTrouble { [hung, recovered] trouble in
            switch trouble {
            case .hung: hung.post()
            case .recovered: recovered.post()
            case .misbehaved: break
            }
        }
    }

    @Test("counts a thread of the host, each of several, until it is back")
    func threads() async throws {
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<2 {
                // Long enough to have begun: a call that still waits for a thread at its deadline never holds one.
                tasks.addTask { _ = await plugin.call("hold", timeout: .seconds(2)) }
            }
        }
        #expect(await hung.wait())
        #expect(await hung.wait())
        #expect(plugin.instance.hungCalls == 2)
        plugin.go.post()
        #expect(await recovered.wait())
        #expect(plugin.instance.hungCalls == 1)
        plugin.go.post()
        #expect(await recovered.wait())
        #expect(!plugin.instance.isHung)
    }

    @Test("counts the thread of its caller when it runs on that")
    func inline() async throws {
        async let outcome = Blocking.run { [plugin] in
            plugin.calls.inlineCaller(of: plugin.instance)?.checkedCall(
                operation: "hold",
                parameters: Array("{}".utf8),
                timeout: .milliseconds(20)
            )
        }
        #expect(await hung.wait())
        #expect(plugin.instance.hungCalls == 1)
        plugin.go.post()
        #expect(try await outcome?.failure?.kind == .deadline)
        #expect(await recovered.wait())
        #expect(!plugin.instance.isHung)
    }
}
