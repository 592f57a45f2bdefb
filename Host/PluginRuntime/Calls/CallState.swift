import CPraximous
package import Core

/// How a call ended.
package enum CallOutcome: Sendable {
    /// The result, exactly one JSON value.
    case result([UInt8])
    case failure(Failure)
}

/// One call from begin to release, without locks, threads or time: every event returns what must be done about it.
///
/// Two sides hold a call. The host's side ends with an outcome: the plugin's, or the host's own when the deadline
/// passes or the client leaves. The plugin's side ends when its entry function has returned *and*, if that said
/// `PRAX_PENDING`, when it has finished or failed the call. Only then may the slot serve another call.
struct CallState: Sendable {
    /// Who said how the call ended.
    enum End: Sendable {
        case none, plugin, deadline, cancelled
    }

    /// What the caller of a transition must do, outside the lock.
    struct Action: Sendable {
        var deliver: CallOutcome?
        var release = false
        var misbehaviour: String?
    }

    var isInUse = false
    private(set) var end = End.none
    private var hasPluginEnded = false
    private var hasEntryReturned = false

    var isCancelled: Bool { end == .deadline || end == .cancelled }
    /// Whether the plugin may still use the call's services.
    var isOpen: Bool { isInUse && !hasPluginEnded }

    mutating func begin() {
        self = CallState()
        isInUse = true
    }

    /// The plugin said finish or fail. `outcome` is taken only when it is the first end.
    mutating func pluginEnds(_ outcome: CallOutcome) -> (prax_status, Action) {
        guard isInUse, !hasPluginEnded else {
            return (status(PRAX_E_CONFLICT), Action(misbehaviour: "ended a call twice"))
        }
        hasPluginEnded = true
        var action = Action(release: hasEntryReturned)
        switch end {
        case .none:
            end = .plugin
            action.deliver = outcome
            return (status(PRAX_OK), action)
        case .deadline: return (status(PRAX_E_DEADLINE), action)
        case .cancelled, .plugin: return (status(PRAX_E_CANCELLED), action)
        }
    }

    /// The entry function returned.
    mutating func entryReturns(_ returned: prax_status) -> Action {
        hasEntryReturned = true
        if hasPluginEnded { return Action(release: true) }
        if returned == status(PRAX_PENDING) { return Action() }
        hasPluginEnded = true
        var action = Action(release: true)
        if returned >= 0 { action.misbehaviour = "returned \(returned) without finish() or fail()" }
        if end == .none {
            end = .plugin
            action.deliver = .failure(Failure(silentEnd: returned))
        }
        return action
    }

    /// The host ends the call: the deadline passed or nobody waits any more.
    mutating func hostEnds(_ reason: End, _ failure: Failure) -> Action {
        guard isInUse, end == .none else { return Action() }
        end = reason
        return Action(deliver: .failure(failure))
    }

    /// The plugin kept a pending call for longer than the host's patience: the slot is taken back.
    mutating func abandon() -> Action {
        guard isInUse, hasEntryReturned, !hasPluginEnded, end != .none else { return Action() }
        hasPluginEnded = true
        return Action(release: true, misbehaviour: "never ended a call whose deadline had passed")
    }
}
