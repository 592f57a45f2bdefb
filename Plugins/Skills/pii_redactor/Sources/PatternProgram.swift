/// A pattern as the states of a non-deterministic automaton (Thompson's construction).
///
/// Why not the standard library's regular expressions: they search by backtracking, so a pattern such as `(a+)+$`
/// takes time that doubles with each character, and here pattern and text both come from the caller. This automaton
/// follows all ways at once: the time is at most the length of the text times the number of states.
struct PatternProgram: Sendable {
    static let maxStates = 1_000

    enum State {
        case consume(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case check(Assertion)
        case accept
    }

    private(set) var states: [State] = []

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
        case .scalars(let set): try append(.consume(set))
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
