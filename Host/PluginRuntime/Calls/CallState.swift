import CPraximous

/// One call from begin to release, without locks, threads or time: every event changes the state and returns what must
/// be done about it.
///
/// It is one word, so that a slot can change it in one atomic step.
///
/// Two sides hold a call. The host's side ends with an outcome: the plugin's, or the host's own when the deadline
/// passes or the client leaves. The plugin's side ends when its entry function has returned *and*, if that said
/// `PRAX_PENDING`, when it has finished or failed the call. Only then may the slot serve another call.
struct CallState: Sendable, Equatable {
    /// Who said how the call ended.
    enum End: UInt32, Sendable {
        case none = 0
        case plugin = 1
        case deadline = 2
        case cancelled = 3
    }

    /// What the caller of a transition must do, after it.
    struct Action: Sendable, Equatable {
        /// The outcome that came with the event is the call's outcome: hand it to whoever waits.
        var deliver = false
        /// Both sides are done: give the slot back.
        var release = false
        var misbehaviour: Misbehaviour?
    }

    /// What a plugin did that the header forbids.
    enum Misbehaviour: String, Sendable {
        case endedTwice = "ended a call twice"
        case neverEnded = "returned success without finish() or fail()"
        case neverEndedPending = "never ended a call whose deadline had passed"
        case notJSON = "answered with something that is not one JSON value"
    }

    private static let inUse: UInt32 = 1 << 0
    private static let pluginEnded: UInt32 = 1 << 1
    private static let entryReturned: UInt32 = 1 << 2
    private static let endShift: UInt32 = 3
    private static let endMask: UInt32 = 3 << 3
    private static let entryBegan: UInt32 = 1 << 5

    private(set) var bits: UInt32

    init(bits: UInt32 = 0) { self.bits = bits }

    /// The state of a call that has just begun.
    static let begun = CallState(bits: inUse)

    var isInUse: Bool { bits & Self.inUse != 0 }
    var end: End { End(rawValue: (bits & Self.endMask) >> Self.endShift) ?? .none }
    var hasBegun: Bool { bits & Self.entryBegan != 0 }
    /// Whether the entry function still runs although nobody waits for it.
    var isRunningOn: Bool { end != .none && bits & (Self.entryBegan | Self.entryReturned) == Self.entryBegan }
    var isCancelled: Bool { end == .deadline || end == .cancelled }
    /// Whether the plugin may still use the call's services.
    var isOpen: Bool { bits & (Self.inUse | Self.pluginEnded) == Self.inUse }
    /// The state of a call on its caller's own thread, which waits for none.
    static let begunInline = CallState(bits: inUse | entryBegan)
    /// As ``begunInline``, finished by the plugin, entry function not yet back: the state nearly every such call passes
    /// through.
    static let finishedInside = CallState(bits: inUse | entryBegan | pluginEnded | End.plugin.rawValue << endShift)

    /// A thread is about to call the entry function of a call that has waited for one; false when nobody waits for
    /// the call any more.
    mutating func begins() -> Bool {
        guard end == .none else { return false }
        bits |= Self.entryBegan
        return true
    }

    /// The plugin said finish or fail.
    ///
    /// Its outcome counts only when it is the first end.
    mutating func pluginEnds() -> (prax_status, Action) {
        guard isOpen else { return (status(PRAX_E_CONFLICT), Action(misbehaviour: .endedTwice)) }
        bits |= Self.pluginEnded
        let release = bits & Self.entryReturned != 0
        switch end {
        case .none:
            set(.plugin)
            return (status(PRAX_OK), Action(deliver: true, release: release))
        case .deadline: return (status(PRAX_E_DEADLINE), Action(release: release))
        case .cancelled, .plugin: return (status(PRAX_E_CANCELLED), Action(release: release))
        }
    }

    /// The entry function returned.
    ///
    /// With `deliver` the outcome is ``Failure/init(silentEnd:)`` of what it returned.
    mutating func entryReturns(_ returned: prax_status) -> Action {
        bits |= Self.entryReturned
        if bits & Self.pluginEnded != 0 { return Action(release: true) }
        if returned == status(PRAX_PENDING) { return Action() }
        bits |= Self.pluginEnded
        var action = Action(release: true, misbehaviour: returned >= 0 ? .neverEnded : nil)
        if end == .none {
            set(.plugin)
            action.deliver = true
        }
        return action
    }

    /// The host ends the call: the deadline passed or nobody waits any more.
    mutating func hostEnds(_ reason: End) -> Action {
        guard isInUse, end == .none else { return Action() }
        set(reason)
        return Action(deliver: true)
    }

    /// The plugin kept a pending call for longer than the host's patience: the slot is taken back.
    mutating func abandon() -> Action {
        guard isOpen, bits & Self.entryReturned != 0, end != .none else { return Action() }
        bits |= Self.pluginEnded
        return Action(release: true, misbehaviour: .neverEndedPending)
    }

    private mutating func set(_ end: End) { bits = bits & ~Self.endMask | end.rawValue << Self.endShift }
}
