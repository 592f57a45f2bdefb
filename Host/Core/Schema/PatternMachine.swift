/// Runs a program over all its states at once.
///
/// Four equal parts of `memory` hold two lists of states and, for each, where a state stands in it (a sparse set:
/// emptied by setting a count).
struct PatternMachine {
    private let program: [LinearPattern.Instruction]
    private var current: StateList
    private var next: StateList
    private var steps = 0

    private struct StateList {
        let states: UnsafeMutableBufferPointer<Int32>
        let places: UnsafeMutableBufferPointer<Int32>
        var count = 0

        func contains(_ state: Int) -> Bool {
            let place = Int(places[state])
            return place < count && Int(states[place]) == state
        }

        mutating func append(_ state: Int) {
            states[count] = Int32(truncatingIfNeeded: state)
            places[state] = Int32(truncatingIfNeeded: count)
            count += 1
        }
    }

    init(program: [LinearPattern.Instruction], memory: UnsafeMutableBufferPointer<Int32>) {
        self.program = program
        memory.initialize(repeating: 0)
        let size = program.count
        func part(_ index: Int) -> UnsafeMutableBufferPointer<Int32> {
            UnsafeMutableBufferPointer(rebasing: memory[index * size..<(index + 1) * size])
        }
        current = StateList(states: part(0), places: part(1))
        next = StateList(states: part(2), places: part(3))
    }

    mutating func run(_ text: String.UnicodeScalarView, isAnchored: Bool) -> Bool {
        var previous: UInt32?
        var scalars = text.makeIterator()
        var scalar = scalars.next()?.value
        while true {
            if previous == nil || !isAnchored { add(0) }
            if reachesMatch(previous, scalar) { return true }
            guard let value = scalar, current.count > 0 || !isAnchored else { return false }
            steps += current.count + 1
            guard steps < LinearPattern.maxSteps else { return false }
            advance(over: value)
            (previous, scalar) = (value, scalars.next()?.value)
        }
    }

    private mutating func advance(over value: UInt32) {
        next.count = 0
        for position in 0..<current.count {
            let state = Int(current.states[position])
            if consumes(value, at: state), !next.contains(state + 1) { next.append(state + 1) }
        }
        swap(&current, &next)
    }

    private func consumes(_ value: UInt32, at state: Int) -> Bool {
        switch program[state] {
        // As in ECMA-262: everything but the ends of lines.
        case .any: value != 0x0A && value != 0x0D && value != 0x2028 && value != 0x2029
        case .scalar(let wanted): value == wanted
        case .set(let set): set.contains(value)
        default: false
        }
    }

    private mutating func add(_ state: Int) {
        if !current.contains(state) { current.append(state) }
    }

    /// Adds what the states lead to without consuming; the list is its own queue, and each state enters it once.
    private mutating func reachesMatch(_ previous: UInt32?, _ following: UInt32?) -> Bool {
        var position = 0
        while position < current.count {
            let state = Int(current.states[position])
            position += 1
            switch program[state] {
            case .split(let left, let right):
                add(left)
                add(right)
            case .jump(let target): add(target)
            case .start: if previous == nil { add(state + 1) }
            case .end: if following == nil { add(state + 1) }
            case .wordBoundary: if isBoundary(previous, following) { add(state + 1) }
            case .notWordBoundary: if !isBoundary(previous, following) { add(state + 1) }
            case .match: return true
            case .any, .scalar, .set: break
            }
        }
        return false
    }

    private func isBoundary(_ previous: UInt32?, _ following: UInt32?) -> Bool {
        let before = previous.map(ScalarSet.words.contains) ?? false
        let after = following.map(ScalarSet.words.contains) ?? false
        return before != after
    }
}
