import Testing

@testable import Workers

@Suite("Messages of several frames") struct AssemblerTests {
    @Test("are put together by kind and number, however their frames are mixed")
    func interleaved() throws {
        var assembler = MessageAssembler()
        var whole: [String] = []
        let frames: [(FrameKind, UInt32, String, isLast: Bool)] = [
            (.end, 1, "a", false), (.end, 2, "x", false), (.event, 1, "e", false), (.end, 1, "b", false),
            (.end, 3, "alone", true), (.end, 2, "y", true), (.event, 1, "", true), (.end, 1, "c", true),
            (.end, 1, "again", true),
        ]
        for (kind, number, text, isLast) in frames {
            try take(&assembler, kind, number, Array(text.utf8), isLast: isLast) {
                whole.append("\(kind) \(number) \($0)")
            }
        }
        #expect(whole == ["end 3 alone", "end 2 xy", "event 1 e", "end 1 abc", "end 1 again"])
    }

    @Test("may add up to the largest message and not to a byte more")
    func largest() throws {
        let mebibyte = [UInt8](repeating: 1, count: 1 << 20)
        var assembler = MessageAssembler()
        var count = 0
        for _ in 0..<16 { try take(&assembler, .end, 1, mebibyte, isLast: false) { _ in } }
        try take(&assembler, .end, 1, Array(mebibyte[..<(64 << 10)]), isLast: true) { count = $0.utf8.count }
        #expect(count == (16 << 20) + (64 << 10))
        for _ in 0..<16 { try take(&assembler, .end, 1, mebibyte, isLast: false) { _ in } }
        #expect(throws: WireError.self) {
            try take(&assembler, .end, 1, Array(mebibyte[...(64 << 10)]), isLast: true) { _ in }
        }
    }

    @Test("may not add up to more than 64 MiB together")
    func together() throws {
        let mebibyte = [UInt8](repeating: 1, count: 1 << 20)
        var assembler = MessageAssembler()
        for number in 0..<64 { try take(&assembler, .end, UInt32(number), mebibyte, isLast: false) { _ in } }
        #expect(throws: WireError.self) { try take(&assembler, .end, 99, [1], isLast: false) { _ in } }
    }

    @Test("that are finished or dropped make room for others")
    func dropped() throws {
        let mebibyte = [UInt8](repeating: 1, count: 1 << 20)
        var assembler = MessageAssembler()
        for number in 0..<500 {
            try take(&assembler, .end, UInt32(number), mebibyte, isLast: false) { _ in }
            if number % 2 == 0 {
                assembler.drop(.end, UInt32(number))
            } else {
                try take(&assembler, .end, UInt32(number), [], isLast: true) { _ in }
            }
        }
        assembler.drop(.end, 7)
    }

    @Test("that never end are refused when there are too many of them, empty ones as well")
    func endless() throws {
        var assembler = MessageAssembler()
        for number in 0..<1024 { try take(&assembler, .hostRequest, UInt32(number), [], isLast: false) { _ in } }
        try take(&assembler, .hostRequest, 5, [1], isLast: false) { _ in }
        try take(&assembler, .hostRequest, 5000, [1], isLast: true) { _ in }
        #expect(throws: WireError("more than 1024 unfinished messages")) {
            try take(&assembler, .hostRequest, 5000, [], isLast: false) { _ in }
        }
    }

    private func take(
        _ assembler: inout MessageAssembler,
        _ kind: FrameKind,
        _ number: UInt32,
        _ payload: [UInt8],
        isLast: Bool,
        _ body: (String) -> Void
    ) throws {
        let taken = payload.withUnsafeBytes { bytes in
            let frame = Frame(kind: kind, flags: isLast ? [] : .more, number: number, payload: bytes)
            return Result { () throws(WireError) in
                try assembler.take(frame) { body(String(decoding: $0, as: UTF8.self)) }
            }
        }
        try taken.get()
    }
}
