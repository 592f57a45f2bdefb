import PraximousJSON
import Testing

@Suite("A JSON number") struct NumberTests {
    @Test(
        "equals another spelling of the same value",
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("100", "1E+2"), ("-0", "0"), ("-0.0", "0"), ("0.1", "1e-1"), ("0e5", "0"),
            ("9007199254740992", "9007199254740992.0"), ("1e20", "1.0e+20"), ("1e999", "1e999"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ]
    )
    func equal(_ left: String, _ right: String) throws {
        #expect(try JSON.parse(left) == JSON.parse(right))
        #expect(try JSON.parse(left).hashValue == JSON.parse(right).hashValue)
    }

    @Test(
        "differs from every other value, however close",
        arguments: [
            ("1", "2"), ("1", "-1"), ("1", "1.0000001"), ("1e999", "2e999"), ("1e999", "-1e999"),
            ("9007199254740993", "9007199254740992"), ("9007199254740993", "9007199254740992.0"),
            ("9223372036854775807", "9223372036854775808"),
            ("123456789012345678901234567890", "123456789012345678901234567891"),
        ]
    )
    func different(_ left: String, _ right: String) throws {
        #expect(try JSON.parse(left) != JSON.parse(right))
        #expect(try JSON.parse(right) != JSON.parse(left))
    }

    @Test("is never equal to a text or a truth value")
    func otherKinds() {
        #expect(JSON.integer(1) != "1")
        #expect(JSON.integer(1) != true)
        #expect(JSON.integer(0) != JSON.null)
    }

    @Test(
        "is an integer when it is written as one and fits",
        arguments: [
            ("0", 0), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e2", nil),
        ] as [(String, Int?)]
    )
    func integer(_ text: String, _ value: Int?) throws {
        #expect(try JSON.parse(text).intValue == value)
    }

    @Test(
        "has the nearest double, which may be infinite",
        arguments: [
            ("1e999", Double.infinity), ("-1e999", -Double.infinity), ("1e-999", 0), ("0.1", 0.1), ("1E+2", 100),
            ("123456789012345678901234567890", 123456789012345678901234567890.0),
        ]
    )
    func double(_ text: String, _ value: Double) throws {
        #expect(try JSON.parse(text).doubleValue == value)
    }

    @Test("is made from an integer or a finite double only")
    func made() {
        #expect(JSONNumber(Int.min).text == "-9223372036854775808")
        #expect(JSON.double(0.1).text == "0.1")
        #expect(JSON.double(.nan) == JSON.null)
        #expect(JSON.double(-.infinity) == JSON.null)
    }

    @Test(
        "made from any double is a number that reads back as that double",
        arguments: [
            1e300, -1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, -0.0, 1.0, 123456.789,
        ] as [Double]
    )
    func roundTrip(_ value: Double) throws {
        let number = try #require(JSONNumber(value))
        #expect(try JSON.parse(number.text).doubleValue == value)
    }

    @Test(
        "is not made from a text with anything else in it",
        arguments: ["", " 1", "1 ", "1,", "+1", "\"1\"", "[1]", "nan"]
    )
    func notNumbers(_ text: String) {
        #expect(JSONNumber(text) == nil)
    }
}
