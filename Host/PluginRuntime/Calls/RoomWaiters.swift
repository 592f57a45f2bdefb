/// Those who wait until a queue of events has room again, or takes none any more.
package struct RoomWaiters: Sendable {
    package typealias Body = @Sendable () -> Void

    private var waiting: [Body] = []

    package init() {}

    /// Keeps one while there is no room; false when it need not wait.
    package mutating func keep(_ body: @escaping Body, whileFull isFull: Bool) -> Bool {
        if isFull { waiting.append(body) }
        return isFull
    }

    /// Who goes on now: all, unless what was turned away before has taken the room again.
    package mutating func take(unlessFull isFull: Bool) -> [Body] {
        if isFull { return [] }
        defer { waiting = [] }
        return waiting
    }
}
