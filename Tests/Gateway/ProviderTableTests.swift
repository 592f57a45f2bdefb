import Core
import Logging
import PluginRuntime
import PraximousJSON
import Supervision
import Synchronization
import TestSupport
import Testing
import Workers

@testable import Gateway

@Suite("The table of providers", .timeLimit(.minutes(3))) struct ProviderTableTests {
    @Test("is switched a thousand times under calls, and not one of them is dropped")
    func reloads() async throws {
        let scratch = try ScratchFolder()
        let fleet = PluginFleet(
            root: InstallationRoot(scratch.path),
            policy: IsolationPolicy(),
            limits: RestartLimits(),
            maxAbandoned: 1,
            runtime: WorkerRuntime(executable: SourceTree.hostExecutable),
            calls: SkillCalls(),
            events: FleetEvents(fault: { _ in }, denial: { _, _ in }, restarted: { _ in }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in PluginFleet.Provisions(settings: PluginSettings(), services: BareServices()) }
        let folder = try PluginFolder(path: try ProviderFixture.folder(), origin: .bundled)
        let entry = ProviderEntry(name: "one", plugin: folder.manifest.name, model: "m")
        @Sendable func served() throws -> ServedProvider {
            ServedProvider(entry: entry, runner: try fleet.start(folder, as: "one", hasPredecessor: false))
        }
        let table = ProviderTable(ProviderSnapshot(providers: [try served()]))
        let end = End()
        let (answers, failures) = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<4 {
                group.addTask {
                    var (answers, failures) = (0, 0)
                    while !end.isReached.load(ordering: .relaxed) {
                        // Some answer at once, some later, from a thread of the plugin's own.
                        let model = number == 0 ? "later" : "m"
                        if try await Self.call(table, model) { answers += 1 } else { failures += 1 }
                        // A call that is over at once does not suspend.
                        await Task.yield()
                    }
                    return (answers, failures)
                }
            }
            try await Blocking.run {
                defer { end.isReached.store(true, ordering: .relaxed) }
                for _ in 0..<1000 {
                    let old = table.replace(with: ProviderSnapshot(providers: [try served()]))
                    for provider in old.providers { provider.runner.retire() }
                }
            }
            return try await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
        }
        #expect(failures == 0)
        #expect(answers > 1000)
    }

    private final class End: Sendable {
        let isReached = Atomic(false)
    }

    private static func call(_ table: ProviderTable, _ model: String) async throws -> Bool {
        while true {
            let provider = try #require(table.snapshot["one"])
            let call = SkillCall(
                operation: "chat",
                parameters: Array(#"{"model":"\#(model)"}"#.utf8),
                context: CallContext(requestID: "request"),
                timeout: .seconds(30)
            )
            switch await provider.runner.call(call) {
            case .result: return true
            case .failure: return false
            // Retired meanwhile: another one serves it.
            case nil: await Task.yield()
            }
        }
    }

    @Test("takes a runner out that is of no use, and remembers what went wrong last")
    func replace() async throws {
        let dead = UnavailableRunner(Failure(.unavailable, code: "dead", message: "Dead."))
        let entry = ProviderEntry(name: "one", plugin: try PluginName.parse("a/b"), model: "m")
        let table = ProviderTable(ProviderSnapshot(providers: [ServedProvider(entry: entry, runner: dead)]))
        table.replace(dead, by: UnavailableRunner(.providerRefused))
        #expect((table.snapshot["one"]?.runner as? UnavailableRunner)?.failure.code == "provider_unavailable")
        table.note(dead.failure, of: "one")
        #expect(table.lastFailure(of: "one")?.code == "dead")
        table.note(nil, of: "one")
        #expect(table.lastFailure(of: "one") == nil)
    }
}
