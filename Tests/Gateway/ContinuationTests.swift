import Testing

@testable import Gateway

@Suite("How a cut answer goes on") struct ContinuationTests {
    /// What the client gets of the pieces, and whether they go on with what it had.
    private func outcome(_ mode: Continuation.Mode, _ text: String, _ pieces: [String]) -> String {
        var continuation = Continuation(mode, of: Array(text.utf8))
        var output: [UInt8] = []
        for verdict in pieces.map({ continuation.take(Array($0.utf8)) }) + [continuation.end()] {
            switch verdict {
            case .hold: break
            case .emit(let new): output += new
            case .diverged: return "diverged after " + String(decoding: output, as: UTF8.self)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let text = "One two three four five"

    @Test(
        "with the text so far as the assistant's last words",
        arguments: [
            (text, [" six", " seven"], " six seven"), (text, ["", " six"], " six"), (text, [], ""),
            // It began anew.
            (text, ["One two three", " four five", " six"], " six"), (text, [text + " six"], " six"),
            (text, [text], ""),
            // Whether it began anew cannot be said before the texts part.
            (text, ["One", " more thing"], "One more thing"), (text, ["One"], "One"),
            // Too much in common for an accident.
            (text, ["One two three fou", "l"], "diverged after "), (text, ["One two three four"], "diverged after "),
            ("é", ["é", "!"], "!"), ("a", ["b"], "b"),
        ] as [(String, [String], String)]
    )
    func prefill(text: String, pieces: [String], expected: String) {
        #expect(outcome(.prefill, text, pieces) == expected)
    }

    @Test(
        "with the original request",
        arguments: [
            (text, [text, " six"], " six"), (text, ["One two three four five six"], " six"), (text, [text], ""),
            (text, Array(text).map(String.init) + [" six"], " six"), (text, ["One", " other"], "diverged after "),
            (text, ["One two"], "diverged after "), (text, [], "diverged after "), (text, ["two"], "diverged after "),
        ] as [(String, [String], String)]
    )
    func replay(text: String, pieces: [String], expected: String) {
        #expect(outcome(.replay, text, pieces) == expected)
    }

    @Test("wherever the answer is cut into pieces, what the client gets is the same")
    func isIndependentOfPieces() {
        let whole = Array((Self.text + " six").utf8)
        for cut in 0...whole.count {
            for mode in [Continuation.Mode.prefill, .replay] {
                var continuation = Continuation(mode, of: Array(Self.text.utf8))
                var output: [UInt8] = []
                for piece in [Array(whole[..<cut]), Array(whole[cut...])] where !piece.isEmpty {
                    if case .emit(let new) = continuation.take(piece) { output += new }
                }
                #expect(output == Array(" six".utf8))
            }
        }
    }
}
