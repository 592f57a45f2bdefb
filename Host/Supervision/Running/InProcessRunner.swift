import Core
import Logging
package import PluginRuntime
import Workers

/// Runs a plugin inside the host: the quickest way, and for code that is trusted like the host's own.
package final class InProcessRunner: SkillRunner {
    private let instance: PluginInstance
    private let calls: SkillCalls
    private let book: FaultBook

    private init(
        _ instance: PluginInstance,
        _ calls: SkillCalls,
        _ book: FaultBook,
        _ abandoned: AbandonedThreads
    ) {
        self.instance = instance
        self.calls = calls
        self.book = book
        instance.onTrouble { trouble in
            switch trouble {
            case .hung:
                book.fault(.timeout)
                abandoned.lose()
            case .recovered: abandoned.getBack()
            case .misbehaved: book.fault(.misbehaved)
            }
        }
    }

    /// Loads the plugin with a marker on the disk, so that the next host knows over whom this one fell.
    ///
    /// Throws ``Refusal``, also when the plugin meddled with the host's signals.
    static func load(
        _ folder: PluginFolder,
        settings: PluginSettings,
        services: any PluginServices,
        calls: SkillCalls,
        book: FaultBook,
        abandoned: AbandonedThreads,
        marker: BootMarker,
        logger: Logger
    ) throws(Refusal) -> InProcessRunner {
        let (name, version) = (folder.manifest.name, folder.manifest.version)
        let snapshot = SignalSnapshot()
        let loader = PluginLoader(logger: logger, blameNumber: Blame.register(name))
        let instance = try marker.around(name, version) { () throws(Refusal) in
            try loader.load(folder, settings: settings, services: services)
        }
        if let refusal = snapshot.restoreAndRefuse(name, version) {
            instance.retire()
            book.fault(.signalHandlers)
            throw refusal
        }
        return InProcessRunner(instance, calls, book, abandoned)
    }

    package func call(_ call: SkillCall) async -> CallOutcome? {
        if let failure = refusal { return .failure(failure) }
        let outcome = await calls.call(
            instance,
            operation: call.operation,
            parameters: call.parameters,
            context: call.context,
            timeout: call.timeout,
            events: call.events
        )
        if case .failure(let failure) = outcome, failure.code == Failure.pluginGone.code, instance.isRetired {
            return nil
        }
        return outcome
    }

    package var isConcurrent: Bool { instance.isConcurrent }

    package func inlineCaller() -> InlineCaller? {
        guard refusal == nil else { return nil }
        return calls.inlineCaller(of: instance)
    }

    package func retire() { instance.retire() }

    /// Quarantines the plugin when a call of it does not come back; its name then.
    func holdBackIfHung(_ reason: String) -> PluginName? {
        guard instance.isHung else { return nil }
        book.quarantine(.timeout, reason)
        return book.plugin
    }

    /// Why no call may begin now.
    private var refusal: Failure? {
        if let failure = book.quarantineFailure { return failure }
        return instance.isHung ? .pluginHung(book.plugin, book.version) : nil
    }
}

extension InProcessRunner: ReportingRunner {
    func complete(_ report: inout PluginReport) {
        report.faults = book.faults
        let hung = instance.hungCalls
        report.state = hung > 0 ? .hung : .running
        if hung > 0 {
            report.reason =
                hung == 1
                ? "a call holds a thread of the host and does not come back"
                : "\(hung) calls hold threads of the host and do not come back"
        }
        if let reason = book.quarantineReason {
            report.state = .quarantined
            report.reason = reason
        }
    }
}
