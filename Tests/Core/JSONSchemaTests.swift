import Core
import PraximousJSON
import Testing

@Suite struct JSONSchemaTests {
    static func validate(_ schema: String, _ value: String) throws -> [SchemaViolation] {
        try JSONSchema.compile(try JSON.parse(schema)).validate(try JSON.parse(value))
    }

    @Test("a value that satisfies its schema has no violations, one that does not names place, keyword and words")
    func ordinary() throws {
        let schema = #"{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"}}}"#
        #expect(try Self.validate(schema, #"{"prompt":"hi"}"#) == [])
        #expect(
            try Self.validate(schema, "{}") == [
                SchemaViolation(
                    path: [.key("prompt")],
                    keyword: "required",
                    type: "missing",
                    message: "Field required"
                )
            ]
        )
        let wrong = try #require(try Self.validate(schema, #"{"prompt":1}"#).first)
        #expect(wrong.path == [.key("prompt")])
        #expect(wrong.type == "string_type")
        #expect(wrong.message == "Input should be a valid string")
    }

    @Test("keywords hold", arguments: SchemaTable.cases)
    func keywords(_ row: SchemaTable.Row) throws {
        let schema = try JSONSchema.compile(try JSON.parse(row.schema))
        for value in row.valid { #expect(schema.validate(try JSON.parse(value)) == [], "\(value)") }
        for value in row.invalid { #expect(schema.validate(try JSON.parse(value)) != [], "\(value)") }
    }

    @Test(
        "violations are said in the words clients know",
        arguments: [
            (#"{"type":"integer"}"#, "1.5", "int_type", "Input should be a valid integer"),
            (#"{"type":"number"}"#, "\"1\"", "float_type", "Input should be a valid number"),
            (#"{"type":"boolean"}"#, "1", "bool_type", "Input should be a valid boolean"),
            (#"{"type":"array"}"#, "{}", "list_type", "Input should be a valid list"),
            (#"{"type":"object"}"#, "[]", "dict_type", "Input should be a valid dictionary"),
            (#"{"type":["string","array"]}"#, "1", "type_error", "Input should be a valid string or list"),
            (#"{"enum":["a","b","c"]}"#, "1", "enum", "Input should be 'a', 'b' or 'c'"),
            (#"{"const":7}"#, "1", "literal_error", "Input should be 7"),
            (#"{"minLength":1}"#, "\"\"", "string_too_short", "String should have at least 1 character"),
            (#"{"maxLength":2}"#, "\"abc\"", "string_too_long", "String should have at most 2 characters"),
            (#"{"pattern":"^a"}"#, "\"b\"", "string_pattern_mismatch", "String should match pattern '^a'"),
            (#"{"minimum":1}"#, "0", "greater_than_equal", "Input should be greater than or equal to 1"),
            (#"{"exclusiveMaximum":1}"#, "1", "less_than", "Input should be less than 1"),
            (#"{"multipleOf":5}"#, "7", "multiple_of", "Input should be a multiple of 5"),
            (#"{"minItems":1}"#, "[]", "too_short", "List should have at least 1 item after validation, not 0"),
            (#"{"additionalProperties":false}"#, #"{"a":1}"#, "extra_forbidden", "Extra inputs are not permitted"),
        ]
    )
    func words(_ schema: String, _ value: String, _ type: String, _ message: String) throws {
        let violation = try #require(try Self.validate(schema, value).first)
        #expect(violation.type == type)
        #expect(violation.message == message)
    }

    @Test("the path leads through members and elements")
    func paths() throws {
        let schema = #"{"properties":{"rows":{"items":{"properties":{"n":{"type":"integer"}}}}}}"#
        let violation = try #require(try Self.validate(schema, #"{"rows":[{"n":1},{"n":"x"}]}"#).first)
        #expect(violation.path == [.key("rows"), .index(1), .key("n")])
        #expect(violation.description == "rows.1.n: Input should be a valid integer")
    }

    @Test("all violations are reported, at most 20")
    func cap() throws {
        #expect(
            try Self.validate(#"{"required":["a","b","c"]}"#, "{}").map(\.path) == [
                [.key("a")], [.key("b")], [.key("c")],
            ]
        )
        let many = "[" + Array(repeating: "1", count: 100).joined(separator: ",") + "]"
        #expect(try Self.validate(#"{"items":{"type":"string"}}"#, many).count == 20)
    }

    @Test(
        "errorMessage replaces the words of what fails beside or below it",
        arguments: [
            (#"{"properties":{"n":{"type":"number","errorMessage":"N!"}}}"#, #"{"n":"x"}"#, "N!"),
            (#"{"required":["n"],"properties":{"n":{"errorMessage":"N!"}}}"#, "{}", nil),
            (#"{"required":["n"],"errorMessage":{"required":{"n":"Give n."}}}"#, "{}", "Give n."),
            (#"{"required":["n"],"errorMessage":{"required":"Give all."}}"#, "{}", "Give all."),
            (#"{"required":["n"],"errorMessage":"Bad."}"#, "{}", "Bad."),
            (#"{"minLength":2,"type":"string","errorMessage":{"minLength":"Short."}}"#, "\"a\"", "Short."),
            (#"{"minLength":2,"type":"string","errorMessage":{"minLength":"Short."}}"#, "1", nil),
            (
                #"{"errorMessage":"Outer.","properties":{"n":{"type":"string","errorMessage":"Inner."}}}"#, #"{"n":1}"#,
                "Inner."
            ),
            (
                #"{"errorMessage":{"properties":{"n":"Of n."}},"properties":{"n":{"type":"string"}}}"#, #"{"n":1}"#,
                "Of n."
            ),
            (#"{"anyOf":[{"required":["a"]},{"required":["b"]}],"errorMessage":"a or b."}"#, "{}", "a or b."),
        ] as [(String, String, String?)]
    )
    func overrides(_ schema: String, _ value: String, _ expected: String?) throws {
        #expect(try Self.validate(schema, value).map(\.override) == [expected])
    }

    @Test("a schema that follows itself through the value ends, one that circles on the spot is refused")
    func recursion() throws {
        let tree = ##"{"$ref":"#/$defs/t","$defs":{"t":{"type":"object","properties":{"next":{"$ref":"#/$defs/t"}}}}}"##
        #expect(try Self.validate(tree, #"{"next":{"next":{}}}"#) == [])
        #expect(try Self.validate(tree, #"{"next":{"next":1}}"#).map(\.path) == [[.key("next"), .key("next")]])
        #expect(throws: SchemaError.self) { try Self.validate(##"{"$ref":"#"}"##, "1") }
        #expect(throws: SchemaError.self) {
            try Self.validate(##"{"anyOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#/$defs/a"}}}}"##, "1")
        }
    }

    @Test("references that multiply run into the limit and count as invalid")
    func multiplication() throws {
        let levels = (0..<40).map { level in
            ##""d\##(level)":{"allOf":[{"$ref":"#/$defs/d\##(level + 1)"},{"$ref":"#/$defs/d\##(level + 1)"}]}"##
        }
        let schema = ##"{"$ref":"#/$defs/d0","$defs":{\##(levels.joined(separator: ",")),"d40":{"type":"string"}}}"##
        #expect(try Self.validate(schema, "\"x\"").map(\.type) == ["schema_limit"])
    }

    @Test(
        "what is not understood is refused with its place",
        arguments: [
            (
                #"{"properties":{"a":{"minlength":1}}}"#,
                "/properties/a/minlength: the keyword \"minlength\" is not supported"
            ),
            (#"{"type":"strin"}"#, "/type: unknown type"), (#"{"required":"a"}"#, "/required: expected a list"),
            (#"{"pattern":"(?=a)"}"#, "/pattern: pattern"), ("3", "expected a schema"),
            (#"{"minLength":-1}"#, "/minLength"),
            (##"{"$ref":"#/$defs/none"}"##, "points at nothing"), (#"{"$ref":"http://x/y"}"#, "leaves the document"),
            (#"{"items":[{}]}"#, "prefixItems"), (#"{"anyOf":[]}"#, "at least one schema"),
            (#"{"multipleOf":0}"#, "above 0"),
            (#"{"properties":{"a":{"optional":true}}}"#, "\"required\""),
            (#"{"unevaluatedProperties":false}"#, "not supported"),
            (#"{"$defs":{"bad":{"type":7}}}"#, "/$defs/bad/type"),
        ]
    )
    func refuses(_ schema: String, _ words: String) throws {
        let schema = try JSON.parse(schema)
        #expect { try JSONSchema.compile(schema) } throws: { "\($0)".contains(words) }
    }

    @Test("a schema nested too deeply is refused")
    func depth() throws {
        let deep = String(repeating: #"{"not":"#, count: 70) + "true" + String(repeating: "}", count: 70)
        let schema = try JSON.parse(deep)
        #expect(throws: SchemaError.self) { try JSONSchema.compile(schema) }
    }

    @Test("a hundred thousand elements are told apart in reasonable time")
    func uniqueness() throws {
        let numbers = (0..<100_000).map { "1e-\($0 + 500)" }.joined(separator: ",")
        #expect(try Self.validate(#"{"uniqueItems":true}"#, "[\(numbers)]") == [])
    }
}
