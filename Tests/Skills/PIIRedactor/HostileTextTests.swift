import PraximousJSON
import TestSupport
import Testing

@Suite("pii_redactor: hostile texts")
struct HostileTextTests {
    private let skill: PluginDriver

    init() throws { skill = try BuiltSkill.piiRedactor.get() }

    private func redacted(_ text: String) -> String? {
        skill.call("redact_text", ["text": .string(text)]).result?["redacted_text"]?.stringValue
    }

    @Test(
        "take no more than linear time",
        .timeLimit(.minutes(1)),
        arguments: [
            "1", "@", ".", "a@", "1-", "1 ", "12.", ":", "a:", "1:", "+1", "(", "(1)", "4111 1111 ", "DE89 ", "a@b.",
            "@a.",
            "\"@", "1/", "e\u{301}", "\u{200B}", "中", "bsn 1 ", "tel 12 ", "::1 ", "1.1.1.1.",
            "4111\n", "DE89\n", "DE89", "VISA4", "+49\n", "nr. 0", "iban DE89 ", "4111\t  ", "4\t",
            "abcdef4111111111111111",
        ]
    )
    func linear(_ unit: String) {
        #expect(redacted(String(repeating: unit, count: 60_000 / unit.utf8.count)) != nil)
    }

    @Test("never trap, and hold nothing more to find once redacted", arguments: 1...40)
    func mutations(_ seed: UInt64) {
        var random = Generator(state: seed)
        for _ in 0..<15 {
            let text = mutated(using: &random)
            guard let once = redacted(text) else {
                Issue.record("no answer for \(text.debugDescription)")
                continue
            }
            #expect(redacted(once) == once, "\(text.debugDescription)")
        }
    }

    private func mutated(using random: inout Generator) -> String {
        var scalars: [Unicode.Scalar] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            scalars += (Corpus.marked.randomElement(using: &random)?.plain ?? "").unicodeScalars
            if Bool.random(using: &random) { scalars.append(" ") }
        }
        let noise: [Unicode.Scalar] = [
            " ", "-", ".", "+", "@", ":", "(", ")", "/", "0", "1", "9", "a", "[", "]", "\"", "\u{200B}", "\u{301}", "٣",
            "中", "\n",
            "\t", "%", "\u{1F600}", "x", "_",
        ]
        for _ in 0..<Int.random(in: 0...6, using: &random) where !scalars.isEmpty {
            let index = Int.random(in: 0..<scalars.count, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: scalars.remove(at: index)
            case 1: scalars.insert(noise.randomElement(using: &random) ?? " ", at: index)
            default: scalars[index] = noise.randomElement(using: &random) ?? " "
            }
        }
        return String(String.UnicodeScalarView(scalars)) + "."
    }
}

/// SplitMix64, so that a failing seed fails again.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
