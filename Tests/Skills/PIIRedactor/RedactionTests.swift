import PraximousJSON
import TestSupport
import Testing

@Suite("pii_redactor: what is redacted and what stays")
struct RedactionTests {
    private let skill: PluginDriver

    init() throws { skill = try BuiltSkill.piiRedactor.get() }

    @Test("answers with the redacted text, the places and the counts")
    func wholeAnswer() {
        let call = skill.call("redact_text", ["text": "My name is John Doe and my email is john.doe@example.com."])
        #expect(
            call.result?.text
                == #"{"redacted_text":"My name is John Doe and my email is [EMAIL].","#
                + #""entities":[{"kind":"email","start":36,"end":56,"length":20,"start_byte":36,"end_byte":56}],"#
                + #""counts":{"email":1}}"#
        )
        #expect(call.ends == 1)
    }

    @Test("redacts", arguments: Corpus.marked)
    func redacts(_ row: MarkedText) {
        let result = skill.call("redact_text", ["text": .string(row.plain)]).result
        #expect(result?["redacted_text"]?.stringValue == row.redacted)
        let places = (result?["entities"]?.arrayValue ?? []).map { entity in
            [entity["start"], entity["length"], entity["start_byte"], entity["end_byte"]].map { $0?.intValue }
        }
        #expect(
            places
                == row.secrets.map {
                    [$0.start, $0.text.unicodeScalars.count, $0.startByte, $0.startByte + $0.text.utf8.count]
                }
        )
        let labels = (result?["entities"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue?.uppercased() }
        #expect(labels == row.secrets.map(\.label))
    }

    @Test("masks each character with one asterisk", arguments: Corpus.marked)
    func masks(_ row: MarkedText) {
        let call = skill.call("redact_text", ["text": .string(row.plain), "mode": "mask"])
        #expect(call.result?["redacted_text"]?.stringValue == row.masked)
    }

    @Test("leaves alone", arguments: Corpus.untouched.filter { !$0.isEmpty })
    func leaves(_ text: String) {
        let result = skill.call("redact_text", ["text": .string(text)]).result
        #expect(result?["redacted_text"]?.stringValue == text)
        #expect(result?["entities"] == [])
        #expect(result?["counts"] == [:])
    }

    @Test("says nowhere what it found", arguments: Corpus.marked)
    func saysNothing(_ row: MarkedText) {
        let call = skill.call("redact_text", ["text": .string(row.plain)])
        let said = (call.result?.text ?? "") + call.log.joined() + skill.host.log.joined()
        for secret in row.secrets { #expect(!said.contains(secret.text)) }
    }

    @Test("finds nothing more in what it has redacted", arguments: Corpus.marked.map(\.redacted))
    func isStable(_ redacted: String) {
        let again = skill.call("redact_text", ["text": .string(redacted)]).result
        #expect(again?["redacted_text"]?.stringValue == redacted)
    }

    @Test("keeps the order, counts by kind, and never lets matches overlap")
    func manyAtOnce() {
        let text = Corpus.marked.map(\.plain).joined(separator: "\n")
        let result = skill.call("redact_text", ["text": .string(text)]).result
        var end = 0
        var counts: [String: Int] = [:]
        for entity in result?["entities"]?.arrayValue ?? [] {
            #expect((entity["start"]?.intValue ?? -1) >= end)
            end = entity["end"]?.intValue ?? 0
            counts[entity["kind"]?.stringValue ?? "", default: 0] += 1
        }
        #expect(counts.values.reduce(0, +) > 150)
        for (kind, count) in counts { #expect(result?["counts"]?[kind]?.intValue == count) }
    }
}

enum Corpus {
    static let marked = [
        EmailCorpus.rows, NumberCorpus.cards, NumberCorpus.accounts, NumberCorpus.addresses, PhoneCorpus.international,
        PhoneCorpus.national, NationalIDCorpus.rows,
    ].flatMap { $0.map(MarkedText.init) }

    static let untouched =
        EmailCorpus.untouched + NumberCorpus.untouched + PhoneCorpus.untouched + NationalIDCorpus.untouched
}
