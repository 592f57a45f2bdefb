import PraximousJSON
import Testing

@Suite("A JSON object") struct ObjectTests {
    @Test("keeps the order of its members through setting and removing")
    func order() {
        var object: JSONObject = ["b": 1, "a": 2, "c": 3]
        object["a"] = 9
        #expect(object.keys == ["b", "a", "c"])
        object["b"] = nil
        object["b"] = 4
        #expect(JSON.object(object).text == #"{"a":9,"c":3,"b":4}"#)
        object["missing"] = nil
        #expect(object.count == 3)
    }

    @Test("finds every member, whether it has an index or not", arguments: [0, 1, 15, 16, 17, 18, 40, 1000])
    func search(_ count: Int) throws {
        var object = JSONObject()
        for number in 0..<count { object["key \(number)"] = .integer(number) }
        #expect(object.count == count)
        #expect((0..<count).allSatisfy { object["key \($0)"] == .integer($0) })
        #expect(object["key \(count)"] == nil)
        #expect(try JSON.parse(JSON.object(object).text) == .object(object))
    }

    @Test("finds the rest after every removal, across the size where the index begins")
    func removal() {
        var object = JSONObject()
        for number in 0..<24 { object["\(number)"] = .integer(number) }
        for gone in 0..<24 {
            object["\(gone)"] = nil
            #expect(object["\(gone)"] == nil)
            #expect((gone + 1..<24).allSatisfy { object["\($0)"] == .integer($0) })
            object["new"] = .integer(gone)
            #expect(object["new"] == .integer(gone))
            object["new"] = nil
            #expect(object.count == 23 - gone)
        }
    }

    @Test("finds a name that comes twice among many")
    func duplicateAmongMany() {
        let members = (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",")
        let error = #expect(throws: JSONError.self) { try JSON.parse("{" + members + ",\"k3\":1}") }
        #expect(error?.reason == .duplicateKey)
    }

    @Test("tells names apart by their bytes, not by how they look", arguments: [0, 20])
    func canonicalEquivalence(_ others: Int) throws {
        let padding = (0..<others).map { ",\"k\($0)\":0" }.joined()
        let object = try #require(try JSON.parse("{\"\u{E9}\":1,\"e\u{301}\":2\(padding)}").objectValue)
        #expect(object.count == others + 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("equals another with the same members in any order")
    func equality() {
        let one: JSON = ["a": 1, "b": [2, ["c": nil]]]
        let other: JSON = ["b": [2, ["c": nil]], "a": 1.asNumber]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1])
        #expect(one != ["a": 1, "b": nil])
        #expect(one != ["a": 1, "x": [2, ["c": nil]]])
        #expect((["a": 1] as JSON) != ["A": 1])
    }

    @Test("with a name in another normal form is another object, and so is a text")
    func normalForms() {
        #expect((["\u{E9}": 1] as JSON) != ["e\u{301}": 1])
        #expect(("\u{E9}" as JSON) != "e\u{301}")
        #expect((["x": "\u{E9}"] as JSON) != ["x": "e\u{301}"])
    }

    @Test("written as a literal keeps the last of two equal names")
    func literal() {
        let object: JSON = .object(JSONObject(dictionaryLiteral: ("a", 1), ("b", 2), ("a", 3)))
        #expect(object.text == #"{"a":3,"b":2}"#)
    }

    @Test("is a sequence of its members")
    func sequence() {
        let object: JSONObject = ["x": 1, "y": 2]
        #expect(object.map(\.key) == ["x", "y"])
        #expect(object.map(\.value) == [1, 2])
        #expect(JSONObject().isEmpty)
    }
}

extension Int {
    fileprivate var asNumber: JSON { .double(Double(self)) }
}
