import Testing

@testable import HTTPAPI

@Suite("A client's frames") struct MessageAssemblerTests {
    private typealias Frame = MessageAssembler.Frame

    @Test("become messages, pings between their fragments included")
    func messages() {
        var assembler = MessageAssembler(maxMessageBytes: 16)
        #expect(assembler.receive(Frame(operation: 1, payload: Array("whole".utf8))) == .text(Array("whole".utf8)))
        #expect(assembler.receive(Frame(isFinal: false, operation: 1, payload: [0xE2, 0x82])) == .nothing)
        #expect(assembler.receive(Frame(operation: 9, payload: [7])) == .ping([7]))
        #expect(assembler.receive(Frame(operation: 0, payload: [0xAC])) == .text(Array("€".utf8)))
        #expect(assembler.receive(Frame(operation: 10)) == .nothing)
        #expect(assembler.receive(Frame(operation: 8, payload: [0x03, 0xE8])) == .close(1000))
        #expect(assembler.receive(Frame(operation: 8)) == .close(nil))
    }

    @Test(
        "that break a rule are told which code to close with",
        arguments: [
            (Frame(isMasked: false, operation: 1), .protocolError),
            (Frame(hasReservedBits: true, operation: 1), .protocolError),
            (Frame(operation: 0), .protocolError),
            (Frame(operation: 2), .unsupportedData),
            (Frame(operation: 3), .protocolError),
            (Frame(operation: 15), .protocolError),
            (Frame(operation: 1, payload: [0xC0]), .invalidText),
            (Frame(operation: 1, payload: [0xE2, 0x82]), .invalidText),
            (Frame(operation: 1, payload: Array(repeating: 0x20, count: 17)), .tooBig),
            (Frame(operation: 8, payload: [3]), .protocolError),
            (Frame(operation: 8, payload: [0x03, 0xED]), .protocolError),
            (Frame(operation: 8, payload: [0x03, 0xE8, 0xFF]), .invalidText),
        ] as [(MessageAssembler.Frame, CloseCode)]
    )
    func failures(_ frame: MessageAssembler.Frame, _ code: CloseCode) {
        var assembler = MessageAssembler(maxMessageBytes: 16)
        guard case .fail(code, _) = assembler.receive(frame) else {
            Issue.record("expected to fail with \(code)")
            return
        }
    }

    @Test("of a second message inside the first are refused")
    func interleaved() {
        var assembler = MessageAssembler(maxMessageBytes: 16)
        _ = assembler.receive(Frame(isFinal: false, operation: 1))
        guard case .fail(.protocolError, _) = assembler.receive(Frame(operation: 1)) else {
            Issue.record("expected to fail")
            return
        }
    }

    @Test("are UTF-8 exactly when the standard library says so, wherever they are cut")
    func utf8() {
        var generator = SystemRandomNumberGenerator()
        let pieces: [[UInt8]] = [
            [0x41], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xF0, 0x90, 0x80, 0x80],
            [0xF4, 0x8F, 0xBF, 0xBF], [0xC0, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0xE2, 0x82], [0xF5],
        ]
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...3, using: &generator)).flatMap { _ in pieces.randomElement() ?? [] }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            var check = UTF8Check()
            let isValid = check.accept(bytes[..<cut]) && check.accept(bytes[cut...]) && check.isComplete
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }
}
