/// What one WebSocket session may ask of the host, and how long it may take; times in milliseconds.
///
/// Those that are `package` are the operator's to change (`websocket:` in praximous.yaml).
package struct SessionLimits: Sendable, Hashable {
    package var maxMessageBytes = 1 << 20
    /// Streams at once.
    package var maxStreams = 32
    /// Deltas a client takes of each stream before it gives credit.
    package var window = 64
    package var helloMilliseconds: UInt64 = 5_000
    package var pingMilliseconds: UInt64 = 20_000
    package var maxAgeMilliseconds: UInt64 = 3_600_000
    /// How long streams go on without their client, where that was agreed on.
    package var resumeMilliseconds: UInt64 = 30_000

    /// Arrays and objects inside one another in a message.
    var maxNesting = 128
    var maxIDBytes = 128
    var maxCredit = 1_000_000
    /// Of one stream: what waits to be sent.
    var maxUnsentBytes = 64 << 10
    /// Of one stream: what is kept to be sent again.
    var maxStreamBytes = 256 << 10
    /// Of all streams of a session.
    var maxSessionBytes = 4 << 20
    /// Ended streams that are kept to be sent again.
    var maxEndedStreams = 64
    var maxBadMessages = 3
    var maxMissedPings = 2
    /// Pings of either sort: a second's worth, and twice that at once.
    var maxPingsPerSecond = 100
    /// How long a stream waits for its client.
    package var stallMilliseconds: UInt64 = 30_000
    /// How long a cancelled call may take to end before its client is told all the same.
    var cancelMilliseconds: UInt64 = 400
    /// What is under way when the host stops, or a session gets too old, may take this long.
    var leaveMilliseconds: UInt64 = 20_000
    /// Until the other side has answered a close.
    var closeMilliseconds: UInt64 = 5_000

    package init() {}
}
