/// Lays a pattern's tree out as instructions.
struct PatternCompiler {
    let source: String
    private var program: [LinearPattern.Instruction] = []
    /// Parts unfolded so far: `(?:(?:){1000}){1000}` unfolds to much work and no instruction.
    private var parts = 0

    init(source: String) { self.source = source }

    mutating func emit(_ tree: PatternTree) throws(LinearPatternError) {
        parts += 1
        guard parts <= LinearPattern.maxInstructions * 4 else { throw tooLarge }
        switch tree {
        case .empty: break
        case .leaf(let instruction): try append(instruction)
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let branches): try emit(branches[...])
        case .repeated(let part, let min, let max): try emit(part, min: min, max: max)
        }
    }

    func finish() -> [LinearPattern.Instruction] { program + [.match] }

    private var tooLarge: LinearPatternError {
        LinearPatternError(source, "it unfolds to more than \(LinearPattern.maxInstructions) steps")
    }

    private mutating func append(_ instruction: LinearPattern.Instruction) throws(LinearPatternError) {
        guard program.count < LinearPattern.maxInstructions else { throw tooLarge }
        program.append(instruction)
    }

    private mutating func emit(_ branches: ArraySlice<PatternTree>) throws(LinearPatternError) {
        guard let first = branches.first else { return }
        guard branches.count > 1 else { return try emit(first) }
        let split = program.count
        try append(.jump(0))
        try emit(first)
        let jump = program.count
        try append(.jump(0))
        program[split] = .split(split + 1, program.count)
        try emit(branches.dropFirst())
        program[jump] = .jump(program.count)
    }

    private mutating func emit(_ part: PatternTree, min: Int, max: Int?) throws(LinearPatternError) {
        for _ in 0..<min { try emit(part) }
        guard let max else {
            let split = program.count
            try append(.jump(0))
            try emit(part)
            try append(.jump(split))
            program[split] = .split(split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in min..<max {
            splits.append(program.count)
            try append(.jump(0))
            try emit(part)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
