/// A pattern as the states of a non-deterministic automaton (Thompson's construction).
///
/// Why not the standard library's regular expressions: they search by backtracking, so a pattern such as `(a+)+$`
/// takes time that doubles with each character, and here pattern and text both come from the caller. This automaton
/// follows all ways at once: the time is at most the length of the text times the number of states.
struct PatternProgram: Sendable {
    static let maxStates = 500

    enum State {
        /// One character, the most frequent case.
        case one(UInt32)
        /// Any character of the set with that index.
        case set(Int)
        case split(Int, Int)
        case jump(Int)
        case check(Assertion)
        case accept

        func consumes(_ scalar: UInt32, _ sets: [FastSet]) -> Bool {
            switch self {
            case .one(let wanted): wanted == scalar
            case .set(let index): sets[index].contains(scalar)
            case .split, .jump, .check, .accept: false
            }
        }
    }

    private(set) var states: [State] = []
    private(set) var sets: [FastSet] = []

    init(_ pattern: String) throws(PatternError) {
        try append(try PatternParser.parse(pattern))
        try append(.accept)
    }

    private mutating func append(_ state: State) throws(PatternError) {
        guard states.count < Self.maxStates else { throw .tooComplex(limit: Self.maxStates) }
        states.append(state)
    }

    private mutating func append(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .scalars(let set):
            if !set.isNegated, set.ranges.count == 1, let only = set.ranges.first, only.count == 1 {
                try append(.one(only.lowerBound))
            } else {
                try append(.set(sets.count))
                sets.append(FastSet(set))
            }
        case .assertion(let assertion): try append(.check(assertion))
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .choice(let nodes): try append(choice: nodes)
        case .repetition(let node, let least, let most):
            for _ in 0..<least {
                let before = states.count
                try append(node)
                // What consumes nothing need not be repeated; nested counts of it would never end.
                if states.count == before { break }
            }
            if let most {
                try append(optional: node, times: most - least)
            } else {
                let start = states.count
                try append(.jump(0))
                try append(node)
                try append(.jump(start))
                states[start] = .split(start + 1, states.count)
            }
        }
    }

    private mutating func append(choice nodes: [PatternNode]) throws(PatternError) {
        var ends: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try append(node)
                break
            }
            let split = states.count
            try append(.jump(0))
            try append(node)
            ends.append(states.count)
            try append(.jump(0))
            states[split] = .split(split + 1, states.count)
        }
        for end in ends { states[end] = .jump(states.count) }
    }

    private mutating func append(optional node: PatternNode, times: Int) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<times {
            splits.append(states.count)
            try append(.jump(0))
            try append(node)
        }
        for split in splits { states[split] = .split(split + 1, states.count) }
    }
}

/// A set of characters that answers for ASCII without a search.
struct FastSet: Sendable {
    private let low: UInt64
    private let high: UInt64
    private let all: ScalarSet

    init(_ set: ScalarSet) {
        all = set
        low = Self.bits(set, from: 0)
        high = Self.bits(set, from: 64)
    }

    private static func bits(_ set: ScalarSet, from first: UInt32) -> UInt64 {
        (0..<64).reduce(0) { set.contains(first + $1) ? $0 | 1 << UInt64($1) : $0 }
    }

    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
        return all.contains(scalar)
    }
}
