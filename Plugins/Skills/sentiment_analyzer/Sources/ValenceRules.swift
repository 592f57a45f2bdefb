/// The valence of each word, given its neighbours.
struct ValenceRules {
    private let words: [Word]
    /// Some words are in capitals and others are not, so capitals are emphasis.
    private let capitalsEmphasize: Bool

    init(_ words: [Word]) {
        self.words = words
        let capitals = words.count(where: \.isUppercase)
        capitalsEmphasize = capitals > 0 && capitals < words.count
    }

    func valence(at index: Int) -> Double {
        let word = words[index]
        if word.boost != nil || isHeadOfKindOf(index) { return 0 }
        guard let own = word.valence else { return 0 }

        var valence = followsNo(index) ? own * Modifiers.negation : (isNoBeforeSentiment(index) ? 0 : own)
        if word.isUppercase, capitalsEmphasize {
            valence += valence > 0 ? Modifiers.capitals : -Modifiers.capitals
        }
        for distance in 1...3 where index >= distance && words[index - distance].valence == nil {
            valence += boost(from: words[index - distance], distance: distance, onto: valence)
            valence = negated(valence, at: index, distance: distance)
            if distance == 3 { valence = withPhrases(valence, at: index) }
        }
        return isNegatedByLeast(index) ? valence * Modifiers.negation : valence
    }

    private func isHeadOfKindOf(_ index: Int) -> Bool {
        words[index].lowered == "kind" && index + 1 < words.count && words[index + 1].lowered == "of"
    }

    /// "no" before a word with a valence negates that word and says nothing by itself.
    private func isNoBeforeSentiment(_ index: Int) -> Bool {
        words[index].lowered == "no" && index + 1 < words.count && words[index + 1].valence != nil
    }

    private func followsNo(_ index: Int) -> Bool {
        if index > 0, words[index - 1].lowered == "no" { return true }
        if index > 1, words[index - 2].lowered == "no" { return true }
        return index > 2 && words[index - 3].lowered == "no" && ["or", "nor"].contains(words[index - 1].lowered)
    }

    /// The farther away a booster stands, the less it counts.
    private func boost(from word: Word, distance: Int, onto valence: Double) -> Double {
        guard var boost = word.boost else { return 0 }
        if valence < 0 { boost = -boost }
        if word.isUppercase, capitalsEmphasize {
            boost += valence > 0 ? Modifiers.capitals : -Modifiers.capitals
        }
        switch distance {
        case 2: return boost * 0.95
        case 3: return boost * 0.9
        default: return boost
        }
    }

    private func negated(_ valence: Double, at index: Int, distance: Int) -> Double {
        let word = words[index - distance]
        let near = words[index - 1].lowered
        let nearIntensifies = near == "so" || near == "this"
        switch distance {
        case 2:
            if word.lowered == "never", nearIntensifies { return valence * 1.25 }
            if word.lowered == "without", near == "doubt" { return valence }
        case 3:
            let middle = words[index - 2].lowered
            if word.lowered == "never" && (middle == "so" || middle == "this") || nearIntensifies {
                return valence * 1.25
            }
            if word.lowered == "without", middle == "doubt" || near == "doubt" { return valence }
        default: break
        }
        return word.negates ? valence * Modifiers.negation : valence
    }

    /// Idioms whose meaning is not that of their words; asked only where three words stand before.
    private func withPhrases(_ valence: Double, at index: Int) -> Double {
        let before = phrase(index - 2, through: index - 1)
        let farBefore = phrase(index - 3, through: index - 2)
        let allBefore = phrase(index - 3, through: index - 1)
        let behind = [
            phrase(index - 1, through: index), phrase(index - 2, through: index), before, allBefore, farBefore,
        ]
        var valence = behind.lazy.compactMap { Modifiers.phrases[$0] }.first ?? valence
        if index + 1 < words.count, let ahead = Modifiers.phrases[phrase(index, through: index + 1)] { valence = ahead }
        if index + 2 < words.count, let ahead = Modifiers.phrases[phrase(index, through: index + 2)] { valence = ahead }
        for phrase in [allBefore, farBefore, before] where Modifiers.weakeningPhrases.contains(phrase) {
            valence -= Modifiers.boost
        }
        return valence
    }

    private func phrase(_ first: Int, through last: Int) -> String {
        var text = words[first].lowered
        for index in (first + 1)...last {
            text += " "
            text += words[index].lowered
        }
        return text
    }

    /// "least" negates, but "at least" and "very least" do not.
    private func isNegatedByLeast(_ index: Int) -> Bool {
        guard index > 0, words[index - 1].lowered == "least", words[index - 1].valence == nil else { return false }
        return index == 1 || !["at", "very"].contains(words[index - 2].lowered)
    }
}
