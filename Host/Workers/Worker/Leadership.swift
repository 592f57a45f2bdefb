import Synchronization

/// Which thread of a worker may read from the host, and whether it does so or runs plugin code meanwhile.
///
/// One word, so that whoever takes the right away from a thread that is stuck in the plugin can be sure that it is.
struct Leadership: ~Copyable {
    /// What one look shows; equal looks mean that nothing has happened in between.
    struct Look: Equatable {
        fileprivate let word: UInt64

        var thread: UInt32 { UInt32(truncatingIfNeeded: word >> 40) }
        var isVacant: Bool { thread == 0 }
        var isWorking: Bool { word & 1 == 1 }
    }

    /// The thread's number above, then a count of changes, and in the lowest bit whether it runs plugin code.
    private let word = Atomic<UInt64>(0)

    private static let countMask: UInt64 = (1 << 40) - 2

    var look: Look { Look(word: word.load(ordering: .sequentiallyConsistent)) }

    /// Takes the right when nobody has it.
    func take(_ thread: UInt32) -> Bool {
        let now = word.load(ordering: .sequentiallyConsistent)
        guard Look(word: now).isVacant else { return false }
        return change(from: now, thread: thread, isWorking: true)
    }

    /// The thread goes on to read, or to run plugin code; false when it has lost the right.
    func go(_ thread: UInt32, isWorking: Bool) -> Bool {
        let now = word.load(ordering: .sequentiallyConsistent)
        guard Look(word: now).thread == thread else { return false }
        return change(from: now, thread: thread, isWorking: isWorking)
    }

    func has(_ thread: UInt32) -> Bool { look.thread == thread }

    /// Gives the right up.
    func leave(_ thread: UInt32) {
        let now = word.load(ordering: .sequentiallyConsistent)
        if Look(word: now).thread == thread { _ = change(from: now, thread: 0, isWorking: false) }
    }

    /// Takes the right from a thread that has been working since `look`; false when it has moved on.
    func revoke(_ look: Look) -> Bool {
        guard look.isWorking, !look.isVacant else { return false }
        return change(from: look.word, thread: 0, isWorking: false)
    }

    private func change(from now: UInt64, thread: UInt32, isWorking: Bool) -> Bool {
        let count = (now &+ 2) & Self.countMask
        let next = UInt64(thread) << 40 | count | (isWorking ? 1 : 0)
        return word.compareExchange(expected: now, desired: next, ordering: .sequentiallyConsistent).exchanged
    }
}
