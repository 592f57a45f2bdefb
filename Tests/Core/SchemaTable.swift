import Testing

/// Schemas with values that pass and values that do not.
enum SchemaTable {
    struct Row: Sendable, CustomTestStringConvertible {
        let schema: String
        let valid: [String]
        let invalid: [String]

        init(_ schema: String, valid: [String], invalid: [String]) {
            self.schema = schema
            self.valid = valid
            self.invalid = invalid
        }

        var testDescription: String { schema }
    }

    static let cases: [Row] = values + numbers + strings + objects + arrays + combinations

    private static let values = [
        Row("true", valid: ["1", "null", "{}"], invalid: []),
        Row("false", valid: [], invalid: ["1", "null", "{}"]),
        Row("{}", valid: ["1", "null", "\"\""], invalid: []),
        Row(
            #"{"type":"integer"}"#,
            valid: ["1", "1.0", "-0", "1e3", "1.5e1", "10.00"],
            invalid: ["1.5", "1e-1", "\"1\"", "true"]
        ),
        Row(#"{"type":"number"}"#, valid: ["1", "1.5", "1e400"], invalid: ["\"1\"", "null"]),
        Row(#"{"type":["string","null"]}"#, valid: ["\"\"", "null"], invalid: ["0", "[]", "false"]),
        Row(
            #"{"enum":[1,"a",null,[1],{"x":1}]}"#,
            valid: ["1.0", "\"a\"", "null", "[1.0]", #"{"x":1e0}"#],
            invalid: ["2", "\"b\"", "[]", "{}", "false"]
        ),
        Row(#"{"enum":["\u00e9"]}"#, valid: [#""\u00e9""#], invalid: [#""e\u0301""#]),
        Row(#"{"const":false}"#, valid: ["false"], invalid: ["0", "null", "\"\""]),
        Row(
            #"{"const":9007199254740993}"#,
            valid: ["9007199254740993", "9007199254740993.0"],
            invalid: ["9007199254740992", "9007199254740992.0"]
        ),
        Row(#"{"const":{"a":1,"b":2}}"#, valid: [#"{"b":2,"a":1}"#], invalid: [#"{"a":1}"#, #"{"a":1,"b":2,"c":3}"#]),
        Row(
            #"{"title":"t","description":"d","default":1,"examples":[1],"deprecated":true,"x-note":1,"$comment":"c","contentEncoding":"base64","$schema":"https://json-schema.org/draft/2020-12/schema"}"#,
            valid: ["1"],
            invalid: []
        ),
    ]

    private static let numbers = [
        Row(
            #"{"minimum":1,"maximum":3}"#,
            valid: ["1", "2.5", "3", "3.0", "\"0\""],
            invalid: ["0", "0.999", "3.0001", "-1e300"]
        ),
        Row(
            #"{"exclusiveMinimum":0,"exclusiveMaximum":1}"#,
            valid: ["0.5", "1e-300"],
            invalid: ["0", "1", "0.0", "-0"]
        ),
        Row(
            #"{"maximum":9223372036854775807}"#,
            valid: ["9223372036854775807"],
            invalid: ["9223372036854775808", "1e400"]
        ),
        Row(
            #"{"maximum":100000000000000000000000000001}"#,
            valid: ["100000000000000000000000000001"],
            invalid: ["100000000000000000000000000002"]
        ),
        Row(#"{"minimum":-0.1}"#, valid: ["-0.1", "0", "-0.10"], invalid: ["-0.11", "-1e999999999999999999999"]),
        Row(
            #"{"multipleOf":0.01}"#,
            valid: ["0.07", "19.99", "4.35", "0", "1e2", "1e999999999999"],
            invalid: ["0.075", "1e-3"]
        ),
        Row(
            #"{"multipleOf":3}"#,
            valid: ["9", "-9", "0", "3e5", "99999999999999999999999"],
            invalid: ["10", "1e5", "1.5", "100000000000000000000000"]
        ),
        Row(#"{"multipleOf":1e-8}"#, valid: ["12391239123"], invalid: ["0.000000001"]),
    ]

    private static let strings = [
        Row(
            #"{"minLength":2,"maxLength":3}"#,
            valid: ["\"ab\"", "\"äöü\"", "\"😀😀\"", "1"],
            invalid: ["\"a\"", "\"😀\"", "\"abcd\""]
        ),
        Row(#"{"maxLength":1}"#, valid: [#""\u00e9""#], invalid: [#""e\u0301""#]),
        Row(#"{"pattern":"^[0-9,-]+$"}"#, valid: ["\"1-3,5\"", "7"], invalid: ["\"\"", "\"1 2\"", #""1\n""#]),
        Row(#"{"pattern":"b"}"#, valid: ["\"abc\""], invalid: ["\"acd\""]),
        Row(
            #"{"format":"date-time"}"#,
            valid: ["\"2024-02-29T12:00:00Z\"", "\"2024-01-01t00:00:60.5+02:00\""],
            invalid: [
                "\"2023-02-29T12:00:00Z\"", "\"2024-01-01\"", "\"2024-01-01T24:00:00Z\"", "\"2024-01-01T12:00:00\"",
                "\"\"",
            ]
        ),
        Row(
            #"{"format":"date"}"#,
            valid: ["\"2000-02-29\"", "5"],
            invalid: ["\"1900-02-29\"", "\"2024-13-01\"", "\"2024-1-1\"", "\"2024-00-10\""]
        ),
        Row(
            #"{"format":"uuid"}"#,
            valid: ["\"123e4567-E89B-12d3-a456-426614174000\""],
            invalid: ["\"123e4567e89b12d3a456426614174000\"", "\"g23e4567-e89b-12d3-a456-426614174000\""]
        ),
        Row(#"{"format":"email"}"#, valid: ["\"a@b.example\""], invalid: ["\"a\"", "\"@b\"", "\"a@\"", "\"a b@c\""]),
        Row(#"{"format":"uri"}"#, valid: ["\"not a uri\""], invalid: []),
    ]

    private static let objects = [
        Row(#"{"required":["a","b"]}"#, valid: [#"{"a":1,"b":2}"#, "[]"], invalid: [#"{"a":1}"#, "{}"]),
        Row(
            #"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
            valid: [#"{"a":"x"}"#, "{}"],
            invalid: [#"{"a":1}"#, #"{"b":1}"#]
        ),
        Row(
            #"{"properties":{"a":true},"additionalProperties":{"type":"integer"}}"#,
            valid: [#"{"a":"x","b":1}"#],
            invalid: [#"{"b":"x"}"#]
        ),
        Row(
            #"{"required":["a"],"additionalProperties":false,"properties":{}}"#,
            valid: [],
            invalid: [#"{"a":1}"#, "{}"]
        ),
        Row(
            #"{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}"#,
            valid: [#"{"x-a":"1"}"#],
            invalid: [#"{"x-a":1}"#, #"{"y":"1"}"#]
        ),
        Row(#"{"properties":{"K":{"type":"string"}}}"#, valid: [#"{"\u212a":1}"#], invalid: [#"{"K":1}"#]),
        Row(#"{"properties":{"\u00e9":{"type":"string"}}}"#, valid: [#"{"e\u0301":1}"#], invalid: [#"{"\u00e9":1}"#]),
        Row(#"{"propertyNames":{"maxLength":2}}"#, valid: [#"{"ab":1}"#], invalid: [#"{"abc":1}"#]),
        Row(#"{"minProperties":1,"maxProperties":2}"#, valid: [#"{"a":1}"#], invalid: ["{}", #"{"a":1,"b":1,"c":1}"#]),
        Row(
            #"{"properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{},"d":{},"e":{},"f":{},"g":{},"h":{},"i":{},"j":{},"k":{},"l":{},"m":{},"n":{"type":"string"}},"required":["n"],"additionalProperties":false}"#,
            valid: [#"{"n":"x","a":1}"#],
            invalid: [#"{"n":1}"#, #"{"n":"x","o":1}"#, #"{"n":"x","b":"y"}"#, "{}"]
        ),
        Row(
            #"{"properties":{"constructor":{"type":"number"},"__proto__":{"type":"string"}}}"#,
            valid: ["{}"],
            invalid: [#"{"__proto__":1}"#]
        ),
    ]

    private static let arrays = [
        Row(#"{"items":{"type":"integer"}}"#, valid: ["[]", "[1,2]", "\"x\""], invalid: ["[1,\"x\"]"]),
        Row(
            #"{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}"#,
            valid: ["[1,\"a\"]", "[1]", "[]"],
            invalid: ["[\"a\"]", "[1,\"a\",2]"]
        ),
        Row(#"{"contains":{"const":5}}"#, valid: ["[1,5]"], invalid: ["[]", "[1]"]),
        Row(#"{"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]"], invalid: ["[]", "[1,2,3]"]),
        Row(
            #"{"uniqueItems":true}"#,
            valid: ["[1,\"1\",true,null]", #"[{"a":1},{"a":2}]"#, "[[1],[2]]", "[]", "[0,false]"],
            invalid: ["[1,1.0]", #"[{"a":1,"b":2},{"b":2.0,"a":1}]"#, "[[1],[1.0]]", "[0,-0.0]"]
        ),
        Row(#"{"uniqueItems":false}"#, valid: ["[1,1]"], invalid: []),
    ]

    private static let combinations = [
        Row(#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, valid: ["2"], invalid: ["0", "4"]),
        Row(#"{"anyOf":[{"type":"integer"},{"minimum":2}]}"#, valid: ["1", "2.5"], invalid: ["1.5"]),
        Row(#"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, valid: ["1", "2.5"], invalid: ["3", "1.5"]),
        Row(#"{"not":{"type":"string"}}"#, valid: ["1"], invalid: ["\"\""]),
        Row(
            #"{"if":{"properties":{"k":{"const":1}},"required":["k"]},"then":{"required":["a"]},"else":{"required":["b"]}}"#,
            valid: [#"{"k":1,"a":1}"#, #"{"b":1}"#],
            invalid: [#"{"k":1}"#, "{}", #"{"k":2,"a":1}"#]
        ),
        Row(#"{"then":{"type":"string"}}"#, valid: ["1"], invalid: []),
        Row(
            ##"{"$defs":{"n":{"type":"integer"}},"properties":{"a":{"$ref":"#/$defs/n","minimum":2}}}"##,
            valid: [#"{"a":2}"#],
            invalid: [#"{"a":1}"#, #"{"a":"x"}"#]
        ),
        Row(##"{"$defs":{"a/b~c":{"type":"integer"}},"$ref":"#/$defs/a~1b~0c"}"##, valid: ["1"], invalid: ["\"x\""]),
        Row(
            ##"{"properties":{"a":{"type":"string"},"b":{"$ref":"#/properties/a"}}}"##,
            valid: [#"{"b":"x"}"#],
            invalid: [#"{"b":1}"#]
        ),
        Row(
            ##"{"type":"array","items":{"anyOf":[{"$ref":"#"},{"type":"integer"}]}}"##,
            valid: ["[1,[2,[3]]]"],
            invalid: ["[[\"x\"]]", "1"]
        ),
    ]
}
