import PraximousJSON
import TestSupport
import Testing

/// The vectors compare numbers by value; here it is their text, which tells an integer from a fraction.
@Suite("A result of simple_math is written so that its kind shows")
struct NumberTextTests {
    @Test(
        "as an integer or a fraction",
        arguments: [
            ("divide", "6", "3", "2.0"), ("add", "2", "3", "5"), ("add", "2", "3.0", "5.0"),
            ("add", "0.1", "0.2", "0.30000000000000004"), ("multiply", "1e8", "1e8", "1e+16"),
            ("add", "9007199254740992.0", "1000000000000000", "1.0007199254740992e+16"),
            ("subtract", "0.0", "12345678901234560", "-1.234567890123456e+16"),
            ("multiply", "1e-5", "1", "1e-05"), ("divide", "0", "-5", "-0.0"),
            ("multiply", "99999999999999999999", "99999999999999999999", "9999999999999999999800000000000000000001"),
        ]
    )
    func text(operation: String, first: String, second: String, expected: String) throws {
        let parameters = #"{"operation":"\#(operation)","num1":\#(first),"num2":\#(second)}"#
        let record = try BuiltPlugins.driver("simple_math").call("calculate", text: parameters)
        #expect(record.result?["result"]?.text == expected)
        #expect(record.result?["num1"]?.text == first)
    }

    @Test(
        "unless it is too large",
        arguments: [
            (#"{"operation":"multiply","num1":1e308,"num2":10}"#, "Math error", "The result is too large."),
            (#"{"num1":1e999,"num2":1}"#, "Math error", "The result is too large."),
            (#"{"num1":1.5,"num2":1\#(String(repeating: "0", count: 400))}"#, "Math error", "The result is too large."),
            (
                #"{"operation":"divide","num1":1\#(String(repeating: "0", count: 400)),"num2":3}"#, "Math error",
                "The result is too large."
            ),
            (
                #"{"num1":1\#(String(repeating: "0", count: 10_000)),"num2":1}"#, "Input error",
                "A number may have at most 10000 digits, found 10001."
            ),
        ]
    )
    func tooLarge(parameters: String, message: String, details: String) throws {
        let record = try BuiltPlugins.driver("simple_math").call("calculate", text: parameters)
        #expect(record.failure?.message == message)
        #expect(record.failure?.details == .string(details))
    }

    @Test("with every digit of a product of two numbers of 10,000 digits")
    func largest() throws {
        let nines = String(repeating: "9", count: 10_000)
        let record = try BuiltPlugins.driver("simple_math").call(
            "calculate",
            text: #"{"operation":"multiply","num1":\#(nines),"num2":\#(nines)}"#
        )
        let expected =
            String(repeating: "9", count: 9_999) + "8" + String(repeating: "0", count: 9_999) + "1"
        #expect(record.result?["result"]?.text == expected)
    }
}
