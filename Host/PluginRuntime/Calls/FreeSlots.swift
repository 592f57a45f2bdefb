import Synchronization

/// The numbers of the free slots: a stack whose head carries a tag against ABA, linked through the slots themselves.
///
/// Numbers that were never used are handed out in order, and only when no other is free, so that an idle table touches
/// little memory. Their slots are made then.
struct FreeSlots: ~Copyable {
    /// Tag in the high half; in the low half a slot's number plus one, or zero for none.
    private let head = Atomic<UInt64>(0)
    private let unused = Atomic<UInt32>(0)
    private let capacity: UInt32

    init(capacity: UInt32) { self.capacity = capacity }

    /// The number of a slot that is the caller's from here on; `slots` is memory whose words are zero until then.
    borrowing func pop(_ slots: UnsafeMutablePointer<CallSlot>) -> UInt32? {
        var top = head.load(ordering: .acquiring)
        while top & 0xFFFF_FFFF != 0 {
            let number = UInt32(truncatingIfNeeded: top) - 1
            let below = slots[Int(number)].nextFree.load(ordering: .relaxed)
            let (exchanged, original) = head.weakCompareExchange(
                expected: top,
                desired: (top >> 32 &+ 1) << 32 | UInt64(below),
                ordering: .acquiringAndReleasing
            )
            if exchanged { return number }
            top = original
        }
        guard unused.load(ordering: .relaxed) < capacity else { return nil }
        let fresh = unused.wrappingAdd(1, ordering: .relaxed).oldValue
        guard fresh < capacity else { return nil }
        (slots + Int(fresh)).initialize(to: CallSlot())
        return fresh
    }

    borrowing func push(_ number: UInt32, _ slots: UnsafeMutablePointer<CallSlot>) {
        var top = head.load(ordering: .relaxed)
        while true {
            slots[Int(number)].nextFree.store(UInt32(truncatingIfNeeded: top), ordering: .relaxed)
            let (exchanged, original) = head.weakCompareExchange(
                expected: top,
                desired: (top >> 32 &+ 1) << 32 | UInt64(number + 1),
                ordering: .releasing
            )
            if exchanged { return }
            top = original
        }
    }
}
