import Core
import Logging
import PluginRuntime
import Synchronization
import TestSupport
import Testing
import Workers

@testable import Supervision

@Suite("The book of a plugin's faults") struct FaultBookTests {
    private let folder: TemporaryFolder
    private let heard = Heard()

    private final class Heard: Sendable {
        let faults = Mutex<[FleetEvents.Fault]>([])
    }

    init() throws { folder = try TemporaryFolder() }

    private func book() throws -> FaultBook {
        let heard = heard
        return FaultBook(
            Manifest(name: try PluginName.parse("acme/weather"), version: SemanticVersion(1, 2, 3)),
            mode: .sandbox,
            limits: RestartLimits(maxFaults: 3),
            quarantine: Quarantine(InstallationRoot(folder.path)),
            events: FleetEvents(
                fault: { fault in heard.faults.withLock { $0.append(fault) } },
                denial: { _, _ in },
                restarted: { _ in }
            ),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test("quarantines after as many faults as are allowed")
    func counted() throws {
        let book = try book()
        for _ in 0..<3 { book.fault(.crashed(signal: 11)) }
        #expect(book.faults == 3)
        #expect(book.quarantineFailure?.code == "plugin_quarantined")
        #expect(heard.faults.withLock { $0 }.map { $0.action != nil } == [true, true, true])
    }

    @Test("holds a plugin back for what it holds, whatever its faults come to")
    func heldBack() throws {
        let book = try book()
        book.fault(.timeout)
        book.quarantine(.timeout, "it holds threads")
        #expect(book.quarantineReason == "it holds threads")
        let name = try PluginName.parse("acme/weather")
        #expect(try Quarantine(InstallationRoot(folder.path)).entry(name)?.kind == "timeout")
        #expect(heard.faults.withLock { $0 }.count == 1)
    }

    @Test("tells of a worker that failed while it was being replaced, and does not count it")
    func leaving() throws {
        let book = try book()
        for _ in 0..<10 { book.faultWhileLeaving(.crashed(signal: 11), lastWords: "oh") }
        #expect(book.faults == 0)
        #expect(book.quarantineFailure == nil)
        let faults = heard.faults.withLock { $0 }
        #expect(faults.count == 10)
        #expect(faults.first?.kind == .crashed(signal: 11))
        #expect(faults.first?.action == nil)
        #expect(faults.first?.lastWords == "oh")
    }
}
