import Core
import Testing

@Suite struct SecretTests {
    private struct Holder {
        let key = Secret("sk-very-secret")
        let keys = [Secret("sk-very-secret")]
    }

    private static func dumped<Value>(_ value: Value) -> String {
        var output = ""
        dump(value, to: &output)
        return output
    }

    private static func printed<Value>(_ value: Value) -> String {
        var output = ""
        print(value, to: &output)
        debugPrint(value, to: &output)
        return output
    }

    @Test("a secret is read where it is used")
    func exposed() { #expect(Secret("sk-very-secret").exposed == "sk-very-secret") }

    @Test("a secret prints as redacted, on its own and inside other values")
    func redacted() {
        let secret = Secret("sk-very-secret")
        #expect("\(secret)" == "<redacted>")
        #expect(String(reflecting: secret) == "<redacted>")
        #expect(Self.printed(secret) == "<redacted>\n<redacted>\n")
        for text in [
            Self.dumped(secret), Self.dumped(Holder()), Self.printed(Holder()), "\(Holder())",
            String(reflecting: Holder()), Self.printed([secret]), Self.printed(["key": secret]),
            "\(Optional(secret) as Any)",
        ] {
            #expect(!text.contains("sk-very"))
            #expect(text.contains("<redacted>"))
        }
    }

    @Test("a mirror of a secret is empty")
    func mirror() { #expect(Mirror(reflecting: Secret("x")).children.isEmpty) }
}

@Suite struct FailureTests {
    @Test("a failure reads as its message and what to do")
    func description() {
        let plain = Failure(.notFound, code: "unknown_task_type", message: "No such skill.")
        #expect(plain.description == "No such skill.")
        let helpful = Failure(
            .busy,
            code: "busy",
            message: "Too many calls.",
            hint: "Try again.",
            retryAfterMilliseconds: 5
        )
        #expect(helpful.description == "Too many calls. Try again.")
        #expect(helpful.retryAfterMilliseconds == 5)
    }

    @Test("the kinds are 15 stable words")
    func kinds() {
        #expect(
            Failure.Kind.allCases.map(\.rawValue) == [
                "invalid", "unprocessable", "unsupported", "unauthenticated", "denied", "notFound", "cancelled",
                "deadline", "busy", "tooLarge", "upstream", "unavailable", "rateLimit", "conflict", "internal",
            ]
        )
    }
}
