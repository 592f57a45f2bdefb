/// Runs a pattern over a text, once, from front to back.
///
/// Of every match, wherever it starts, the characters are found: for each place where a match ends the automaton knows
/// the earliest place where one that ends there starts. Overlapping matches are one. That is what redaction asks for,
/// and it never reads a character twice.
struct PatternMatcher {
    let program: PatternProgram
    let text: FoldedText

    private static let cancellationInterval = 1_024

    /// The stretches that match, in order and apart; nil when the call was cancelled.
    func matches(isCancelled: () -> Bool) -> [Range<Int>]? {
        var found: [Range<Int>] = []
        var current = ThreadList(states: program.states.count)
        var following = current
        for position in 0...text.count {
            if position.isMultiple(of: Self.cancellationInterval), isCancelled() { return nil }
            if let start = follow(from: 0, start: position, at: position, into: &current), start < position {
                Self.add(start..<position, to: &found)
            }
            guard position < text.count else { break }
            if let start = step(current, at: position, into: &following) {
                Self.add(start..<(position + 1), to: &found)
            }
            swap(&current, &following)
        }
        return found
    }

    /// Lets each thread that can consume the character go on, and gives the earliest start of a match that then ends.
    ///
    /// Threads stand in the order of their starts, and so do those they lead to: the first to reach a state has the
    /// earliest start, and no state is visited twice.
    private func step(_ current: ThreadList, at position: Int, into following: inout ThreadList) -> Int? {
        following.removeAll()
        let scalar = text.scalars[position]
        var earliest: Int?
        for state in current.states where program.states[state].consumes(scalar, program.sets) {
            let start = current.start(of: state)
            if let end = follow(from: state + 1, start: start, at: position + 1, into: &following) {
                earliest = min(earliest ?? end, end)
            }
        }
        return earliest
    }

    /// Adds a state and all that it leads to without consuming anything; gives the start when that is a match.
    private func follow(from state: Int, start: Int, at position: Int, into list: inout ThreadList) -> Int? {
        var accepted: Int?
        list.open(state)
        while let state = list.nextOpen() {
            guard list.insert(state, start: start) else { continue }
            switch program.states[state] {
            case .one, .set: break
            case .jump(let target): list.open(target)
            case .split(let first, let second):
                list.open(second)
                list.open(first)
            case .check(let assertion): if holds(assertion, at: position) { list.open(state + 1) }
            case .accept: accepted = start
            }
        }
        return accepted
    }

    private func holds(_ assertion: Assertion, at position: Int) -> Bool {
        switch assertion {
        case .lineStart: position == 0 || text.is(position - 1, "\n")
        case .lineEnd: position == text.count || text.is(position, "\n")
        case .wordBoundary: isWord(position - 1) != isWord(position)
        case .noWordBoundary: isWord(position - 1) == isWord(position)
        }
    }

    private func isWord(_ index: Int) -> Bool {
        (0..<text.count).contains(index) && ScalarSet.word.contains(text.scalars[index])
    }

    private static func add(_ range: Range<Int>, to found: inout [Range<Int>]) {
        var range = range
        while let last = found.last, last.upperBound > range.lowerBound {
            range = min(range.lowerBound, last.lowerBound)..<range.upperBound
            found.removeLast()
        }
        found.append(range)
    }
}

/// The states that are active, each with the earliest start that leads to it.
private struct ThreadList {
    private(set) var states: [Int] = []
    private var starts: [Int]
    /// States still to be looked at; empty but for the time of one `follow`.
    private var pending: [Int] = []

    init(states: Int) { starts = Array(repeating: -1, count: states) }

    mutating func open(_ state: Int) { pending.append(state) }

    mutating func nextOpen() -> Int? { pending.popLast() }

    /// Adds a state unless it is there, and returns whether it did.
    mutating func insert(_ state: Int, start: Int) -> Bool {
        guard starts[state] < 0 else { return false }
        states.append(state)
        starts[state] = start
        return true
    }

    func start(of state: Int) -> Int { starts[state] }

    mutating func removeAll() {
        for state in states { starts[state] = -1 }
        states.removeAll(keepingCapacity: true)
    }
}
