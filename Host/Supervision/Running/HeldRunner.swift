package import PluginRuntime
import Synchronization

/// Stands in for a plugin that was not brought to life because it is quarantined.
package final class HeldRunner: SkillRunner {
    private let book: FaultBook
    private let isRetired = Atomic(false)

    init(_ book: FaultBook) { self.book = book }

    package func call(_ call: SkillCall) async -> CallOutcome? {
        isRetired.load(ordering: .acquiring) ? nil : book.quarantineFailure.map(CallOutcome.failure)
    }

    package var isConcurrent: Bool { true }
    package func inlineCaller() -> InlineCaller? { nil }
    package func retire() { isRetired.store(true, ordering: .releasing) }
}

extension HeldRunner: ReportingRunner {
    func complete(_ report: inout PluginReport) {
        report.state = .quarantined
        report.reason = book.quarantineReason
        report.faults = book.faults
    }
}
