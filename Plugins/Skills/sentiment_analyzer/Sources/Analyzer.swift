/// VADER, version 3.3.2: a lexicon of rated words and a handful of rules about their neighbours.
struct Analyzer: Sendable {
    private let lexicon = Lexicon()

    /// The scores, or nil when `isCancelled`, asked every few thousand words, said so.
    func scores(of text: String, isCancelled: () -> Bool = { false }) -> Scores? {
        let tokens = Tokens(text, lexicon: lexicon)
        var words: [Word] = []
        words.reserveCapacity(tokens.slices.count)
        for slice in tokens.slices {
            if words.count.isMultiple(of: Self.cancellationInterval), isCancelled() { return nil }
            words.append(Word(slice, lexicon: lexicon))
        }
        let rules = ValenceRules(words)
        var valences: [Double] = []
        valences.reserveCapacity(words.count)
        for index in words.indices {
            if index.isMultiple(of: Self.cancellationInterval), isCancelled() { return nil }
            valences.append(rules.valence(at: index))
        }
        if let pivot = words.firstIndex(where: { $0.lowered == "but" }) { Contrast.apply(to: &valences, at: pivot) }
        return Scores(valences: valences, emphasis: Self.emphasis(in: tokens.scalars))
    }

    private static let cancellationInterval = 4_096

    /// Up to four exclamation marks count each; of question marks two or three count each, more count as one step.
    private static func emphasis(in scalars: [Unicode.Scalar]) -> Double {
        let exclamations = scalars.count { $0 == "!" }
        let questions = scalars.count { $0 == "?" }
        let shouting = Double(min(exclamations, 4)) * 0.292
        switch questions {
        case 0, 1: return shouting
        case 2, 3: return shouting + Double(questions) * 0.18
        default: return shouting + 0.96
        }
    }
}
