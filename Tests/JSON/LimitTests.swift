import PraximousJSON
import Testing

@Suite("The limits of JSON") struct LimitTests {
    @Test("allow 128 levels and refuse the next, where it opens", arguments: ["[", "{\"a\":"])
    func depth(_ opening: String) {
        let closing = opening == "[" ? "]" : "}"
        let most = nested(opening, closing, levels: 128)
        #expect(throws: Never.self) { try JSON.parse(most) }
        #expect(validationError(Array(most.utf8)) == nil)
        let tooMany = nested(opening, closing, levels: 129)
        let error = #expect(throws: JSONError.self) { try JSON.parse(tooMany) }
        #expect(error?.reason == .tooDeep)
        #expect(error?.offset == 128 * opening.utf8.count)
        #expect(validationError(Array(tooMany.utf8)) == error)
    }

    @Test("hold for a hundred thousand open brackets", arguments: ["[", "{\"a\":", "[[],"])
    func manyBrackets(_ opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.reason == .tooDeep)
        #expect(validationError(Array(text.utf8))?.reason == .tooDeep)
    }

    @Test("can be as small as no nesting at all")
    func noNesting() {
        let limits = JSONLimits(maxDepth: 0)
        #expect(throws: Never.self) { try JSON.parse("1", limits: limits) }
        #expect(throws: JSONError.self) { try JSON.parse("[]", limits: limits) }
        #expect(validates(Array("1".utf8), limits: limits))
        #expect(!validates(Array("{}".utf8), limits: limits))
    }

    @Test("count siblings, not only what is nested")
    func siblings() {
        let text = "[" + Array(repeating: "[]", count: 500).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSON.parse(text, limits: JSONLimits(maxDepth: 2)) }
        #expect(throws: Never.self) { try JSON.parse(text, limits: JSONLimits(maxValues: 501)) }
        let error = #expect(throws: JSONError.self) { try JSON.parse(text, limits: JSONLimits(maxValues: 500)) }
        #expect(error?.reason == .tooManyValues)
        #expect(error?.offset == text.utf8.count - 3)
    }

    @Test("do not count names as values")
    func names() {
        let text = #"{"a":1,"b":2}"#
        #expect(throws: Never.self) { try JSON.parse(text, limits: JSONLimits(maxValues: 3)) }
        #expect(throws: JSONError.self) { try JSON.parse(text, limits: JSONLimits(maxValues: 2)) }
    }

    private func nested(_ opening: String, _ closing: String, levels: Int) -> String {
        let inner = opening == "[" ? "" : "0"
        return String(repeating: opening, count: levels) + inner + String(repeating: closing, count: levels)
    }
}
