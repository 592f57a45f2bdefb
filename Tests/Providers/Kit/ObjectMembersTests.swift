import PraximousJSON
import ProviderKit
import Testing

@Suite("The members of an object")
struct ObjectMembersTests {
    private func members(_ text: String) -> ObjectMembers? { ObjectMembers(Array(text.utf8)) }

    private func replaced(_ text: String, _ name: StaticString, _ value: String) -> String? {
        members(text).map { String(decoding: $0.replacing([(name, Array(value.utf8))]), as: UTF8.self) }
    }

    @Test("are found between whatever else is there")
    func found() {
        let object = members(
            #" { "a" : "x\"}," , "b":[1,{"model":"no"},"]"],"model": "gpt-4o" , "c":1e3,"d":{} ,"e":true}"#
        )
        #expect(object?.value("a") == "x\"},")
        #expect(object?.value("b") == [1, ["model": "no"], "]"])
        #expect(object?.value("model") == "gpt-4o")
        #expect(object?.value("c") == 1000)
        #expect(object?.value("d") == [:])
        #expect(object?.value("e") == true)
        #expect(object?.value("f") == nil)
    }

    @Test("are replaced where they stand, the rest staying as it was written")
    func replacing() {
        #expect(
            replaced(#"{"a": 1.0, "model" : "x" ,"b":2}"#, "model", #""y""#) == #"{"a": 1.0, "model" : "y" ,"b":2}"#
        )
        #expect(replaced(#"{"a": 1.0}"#, "model", #""y""#) == #"{"model":"y","a": 1.0}"#)
        #expect(replaced("{ }", "model", #""y""#) == #"{"model":"y" }"#)
        #expect(replaced(#"{"model":1,"model":2}"#, "model", "3") == #"{"model":1,"model":3}"#)
    }

    @Test("are none of what is no object", arguments: ["", "[]", "1", "{", "{}{}", #"{"a":NaN}"#, #"{"a":1,}"#])
    func refused(text: String) { #expect(members(text) == nil) }
}
