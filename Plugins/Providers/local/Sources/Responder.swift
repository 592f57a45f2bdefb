import PraximousJSON
import ProviderKit

/// What the built-in responder says: the same to the same request.
enum Responder {
    static let notice =
        "This is Praximous' built-in responder, not a language model. Add a provider to config/providers.yaml to get "
        + "real answers."

    /// What is repeated of a message, at most.
    private static let maxQuotedWords = 60

    static func answer(to request: ChatRequest) -> (text: String, finishReason: String) {
        let last = request.messages.last { $0["role"] == "user" }
        let said = ContentPart.text(of: last?["content"])
        let text: String
        if request.schema != nil || request.wantsJSON {
            text = JSON.object(["notice": .string(notice), "you_said": .string(excerpt(said))]).text
        } else if said.isEmpty {
            text = notice
        } else {
            text = notice + " You said: " + excerpt(said)
        }
        guard let limit = request.maxTokens, limit > 0 else { return (text, "stop") }
        let words = Words.split(text)
        return words.count <= limit ? (text, "stop") : (words.prefix(limit).joined(), "length")
    }

    /// The message when it is short; else the sentences whose words come up most, in their order.
    private static func excerpt(_ text: String) -> String {
        let words = Words.split(text)
        guard words.count > maxQuotedWords else { return text }
        let sentences = Words.sentences(text)
        var counts: [String: Int] = [:]
        for word in words { counts[Words.bare(word), default: 0] += 1 }
        let scores = sentences.map { sentence -> Double in
            let words = Words.split(sentence).map(Words.bare).filter { $0.utf8.count > 3 }
            return Double(words.reduce(0) { $0 + (counts[$1] ?? 0) }) / Double(max(words.count, 1))
        }
        var chosen: Set<Int> = []
        var count = 0
        for position in sentences.indices.sorted(by: { (scores[$1], $0) < (scores[$0], $1) }) {
            let length = Words.split(sentences[position]).count
            if count + length > maxQuotedWords { continue }
            chosen.insert(position)
            count += length
        }
        if chosen.isEmpty { return words.prefix(maxQuotedWords).joined() + "…" }
        return sentences.indices.filter(chosen.contains).map { sentences[$0] }.joined(separator: " ")
    }
}

/// Cuts texts where people would.
enum Words {
    /// The words with the white space behind them: put together again they are the text.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isBehind = false
        for character in text {
            if isBehind, !character.isWhitespace {
                words.append(word)
                word = ""
            }
            isBehind = character.isWhitespace
            word.append(character)
        }
        return word.isEmpty ? words : words + [word]
    }

    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        for word in split(text) {
            sentence += word
            let bare = word.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }
            guard let last = bare.first, ".!?".contains(last) else { continue }
            sentences.append(trimmed(sentence))
            sentence = ""
        }
        let rest = trimmed(sentence)
        return rest.isEmpty ? sentences : sentences + [rest]
    }

    /// Small letters and digits alone.
    static func bare(_ word: String) -> String { word.lowercased().filter { $0.isLetter || $0.isNumber } }

    private static func trimmed(_ text: String) -> String {
        let front = text.drop { $0.isWhitespace }
        return String(String(front.reversed().drop { $0.isWhitespace }).reversed())
    }
}
