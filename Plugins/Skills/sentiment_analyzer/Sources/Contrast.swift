/// What stands before "but" counts half, what follows counts half as much again.
///
/// The published model changes, for each value in turn, the *first* position that holds an equal value, so equal
/// values far apart are scaled at the first of them, more than once. The scores depend on that; here a queue of
/// positions for each value finds the first one without searching the list again.
enum Contrast {
    static func apply(to valences: inout [Double], at pivot: Int) {
        var positions: [Double: PositionQueue] = [:]
        for (index, value) in valences.enumerated() { positions[value, default: PositionQueue()].append(index) }
        for turn in valences.indices {
            let value = valences[turn]
            let current = positions[value]?.first { valences[$0] == value }
            guard let first = current, first != pivot else { continue }
            let scaled = value * (first < pivot ? 0.5 : 1.5)
            valences[first] = scaled
            if scaled != value { positions[scaled, default: PositionQueue()].append(first) }
        }
    }
}

/// Positions, smallest first: a binary heap whose outdated entries are dropped when they come to the front.
struct PositionQueue {
    private var heap: [Int] = []

    mutating func append(_ position: Int) {
        heap.append(position)
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2] > heap[child] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The smallest position that is still current; those before it that are not are removed.
    mutating func first(where isCurrent: (Int) -> Bool) -> Int? {
        while let smallest = heap.first {
            if isCurrent(smallest) { return smallest }
            removeSmallest()
        }
        return nil
    }

    private mutating func removeSmallest() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
