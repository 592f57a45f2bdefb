import PraximousJSON
import Testing

@Suite("Parser and validator") struct AgreementTests {
    private static let seeds = [
        #"{"task_type":"echo","prompt":"Grüße \ud83d\ude00 \"x\"","n":[0,-1,1.5e+3,1E9],"o":{"a":null,"b":true}}"#,
        #"[[],[[]],{},{"a":{}},"","\\","\u0000",0.1,-0,true,false,null]"#,
        "\r\n\t {\"é\" : [ 1 , 2 ] , \"e\u{301}\" : \"\u{10FFFF}\" } \n",
        #"[1e5,"a\/b",{"k":"v","k2":[{"deep":[[[1]]]}]}]"#,
    ].map { Array($0.utf8) }
    /// Bytes that mean something to JSON, and a few that break UTF-8.
    private static let alphabet =
        Array("{}[]:,\"\\/ \n\t0123456789+-.eEtrufalsnbd\0\u{1F}".utf8) + [0x80, 0xC3, 0xED, 0xF0, 0xFF]

    @Test("agree on 40,000 damaged texts, but for names that come twice", arguments: [1, 2, 3, 4] as [UInt64])
    func agree(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        var accepted = 0
        var differences: [String] = []
        for _ in 0..<10_000 {
            let text = Self.damaged(using: &random)
            if let difference = Self.difference(text) {
                differences.append("\(String(decoding: text, as: UTF8.self).debugDescription): \(difference)")
            }
            if validates(text) { accepted += 1 }
        }
        #expect(differences.prefix(5) == [], "\(differences.count) in all")
        // Otherwise the damage would be too great to tell anything.
        #expect(accepted > 300)
        #expect(accepted < 9_000)
    }

    @Test("agree with themselves: what is read is written as a text that is read as the same")
    func reread() throws {
        var random = SplitMix(state: 5)
        for _ in 0..<2_000 {
            guard let value = try? JSON.parse(Self.damaged(using: &random)) else { continue }
            #expect(try JSON.parse(value.encoded()) == value)
        }
    }

    /// What the two say differently about a text; nil when they agree.
    private static func difference(_ text: [UInt8]) -> String? {
        let limits = JSONLimits(maxDepth: 6)
        let found = validationError(text, limits: limits)
        do throws(JSONError) {
            _ = try JSON.parse(text, limits: limits)
            return found.map { "only the validator refuses it: \($0)" }
        } catch {
            guard found == nil else { return nil }
            return error.reason == .duplicateKey ? nil : "only the parser refuses it: \(error)"
        }
    }

    private static func damaged(using random: inout SplitMix) -> [UInt8] {
        var text = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text[place] = alphabet.randomElement(using: &random) ?? 0
            case 1: text.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
            case 2 where text.count > 4: text.remove(at: place)
            case 3 where text.count > 8 && place > 4: text.removeSubrange(place..<min(place + 3, text.count))
            default: text.insert(contentsOf: text[place..<min(place + 6, text.count)], at: place)
            }
        }
        return text
    }
}

/// A generator with a seed, so that a failure can be repeated.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
