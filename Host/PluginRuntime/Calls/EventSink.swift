/// A C callback with its context, as a plugin registered it.
///
/// @unchecked Sendable: by the header such a callback may run on any of the host's threads.
package struct PluginCallback: @unchecked Sendable {
    let function: @convention(c) (UnsafeMutableRawPointer?) -> Void
    let context: UnsafeMutableRawPointer?

    package func run() { function(context) }
}

/// The result of an attempt to emit.
package enum Emitted: Sendable {
    case accepted, full, closed
}

/// Where the events of one call go: a queue that a task of this process reads, or the wire to the host.
package protocol EventSink: AnyObject, Sendable {
    /// How many bytes would be accepted at this moment.
    var creditBytes: Int { get }

    /// Whether an event was turned away or no more would be taken, so that whoever makes events is to wait.
    ///
    /// Not the same as no credit: what is left may never suffice for the next event.
    var isFull: Bool { get }

    func tryEmit(_ event: CallEvent) -> Emitted

    /// Waits, on the plugin's own thread, until there is room, the sink closes or `isOver` says so.
    func emit(_ event: CallEvent, isOver: () -> Bool) -> Emitted

    /// Registers or, with nil, clears the callback for credit that grew from nothing.
    ///
    /// When this returns, the one before neither runs nor will run.
    func setOnCredit(_ callback: PluginCallback?)

    /// Runs `body` once, when the sink is not full any more or closes; at once when that is so already.
    ///
    /// What is told of credit comes first: events that were turned away may take the room.
    func whenRoom(_ body: @escaping @Sendable () -> Void)

    /// No more events.
    func close()
}
