import Core
import PluginRuntime
import PraximousJSON

/// Puts requests of one kind to each operation and judges each answer.
struct OperationCheck: Sendable {
    /// What the answers must be beyond ``AnswerRule/check(_:of:)``.
    enum Expectation: Sendable {
        /// No crash and no hang; of what no host would ask, so that the answer may be anything.
        case survival
        /// A result or an error, and no crash.
        case anEnd
        /// As that; or it gives up when its time is over.
        case anEndInTime
        /// An error, in its form.
        case anError
        /// A result.
        case aResult
        /// A result that fits its schema.
        case aFittingResult
        /// If it is an error, then in its form.
        case aFormedEnd
    }

    let expectation: Expectation
    /// The name that is asked for in place of the operation's own.
    var name: String?
    /// The requests for one operation, as bytes.
    let requests: @Sendable (Requests, inout SeededGenerator) -> [[UInt8]]

    func run(_ bench: CheckBench) throws -> String? {
        var random = bench.random
        var count = 0
        try bench.withTrial { trial in
            for operation in bench.operations {
                for parameters in requests(Requests(operation: operation), &random) {
                    try bench.checkTime()
                    count += 1
                    try judge(parameters, operation, bench, trial)
                }
            }
        }
        return count == 0 ? "no operation has such requests" : nil
    }

    private func judge(
        _ parameters: [UInt8],
        _ operation: Manifest.Operation,
        _ bench: CheckBench,
        _ trial: CheckTrial
    ) throws {
        let asked = name ?? operation.name
        let outcome = trial.call(asked, parameters, timeout: bench.timeout(operation)).outcome
        let rule = AnswerRule(operation: operation, parameters: parameters)
        switch (expectation, outcome) {
        case (.anEndInTime, .failure(let failure)?) where failure.code == "plugin_timeout" && trial.fault == nil:
            // Which it has not, when it is ended for it before it answers the next one.
            let after = trial.call(asked, Array("{}".utf8), timeout: bench.timeout(operation))
            try rule.check(after.outcome, of: trial)
        case (.survival, _): try rule.checkSurvival(outcome, of: trial)
        // Nobody is there to answer what it asks of the network.
        case (.aResult, .failure(let failure)?) where bench.manifest.asksTheNetwork && failure.kind.isForWantOfOthers:
            try rule.check(outcome, of: trial)
        case (.aResult, _): try rule.checkIsResult(outcome, of: trial)
        case (.aFittingResult, .result(let bytes)?):
            try rule.check(outcome, of: trial)
            try rule.checkSchema(bytes)
        case (.aFormedEnd, .failure(let failure)?), (.anError, .failure(let failure)?):
            try rule.check(outcome, of: trial)
            try rule.checkForm(of: failure)
        case (.anError, .result?):
            try rule.check(outcome, of: trial)
            throw rule.failure("it answered \(asked) with a result", "Answer with fail(PRAX_E_UNSUPPORTED, ...).")
        default: try rule.check(outcome, of: trial)
        }
    }
}

extension Manifest {
    fileprivate var asksTheNetwork: Bool {
        permissions.contains { permission in
            switch permission {
            case .networkHTTP, .networkSMTP: true
            default: false
            }
        }
    }
}

extension Failure.Kind {
    /// Whether somebody else than the plugin or its caller was not up to the request.
    fileprivate var isForWantOfOthers: Bool {
        switch self {
        case .upstream, .unavailable, .denied, .deadline: true
        default: false
        }
    }
}

extension Check {
    fileprivate static func operation(
        _ name: String,
        _ level: Int,
        _ summary: String,
        seconds: Int = 30,
        _ expectation: OperationCheck.Expectation,
        named asked: String? = nil,
        _ requests: @escaping @Sendable (Requests, inout SeededGenerator) -> [[UInt8]]
    ) -> Check {
        let check = OperationCheck(expectation: expectation, name: asked, requests: requests)
        return Check("operation/" + name, level, summary, seconds: seconds, run: check.run)
    }

    /// The requests that ``Requests`` makes of an ordinary one.
    private static func variants(
        _ make: @escaping @Sendable (Requests, JSON) -> [JSON]
    ) -> @Sendable (Requests, inout SeededGenerator) -> [[UInt8]] {
        { requests, random in
            guard let base = requests.ordinary(using: &random) else { return [] }
            return make(requests, base).map { $0.encoded() }
        }
    }

    private static let example: @Sendable (Requests, inout SeededGenerator) -> [[UInt8]] = { requests, _ in
        requests.example.map { [$0.encoded()] } ?? []
    }

    /// One operation after the other, with requests good and bad.
    static let operations = [
        operation("example", 2, "Each example is answered with a result.", .aResult, example),
        operation("result-schema", 2, "The result of each example fits its result_schema.", .aFittingResult, example),
        operation("valid", 3, "What a schema allows is answered, and results fit their schema.", .aFittingResult) {
            requests,
            random in
            requests.valid(8, using: &random).map { $0.encoded() }
        },
        operation("empty-object", 3, "A request without any member ends as it should.", .aFormedEnd) { _, _ in
            [Array("{}".utf8)]
        },
        operation(
            "missing-members",
            3,
            "A request that lacks a member ends as it should.",
            .aFormedEnd,
            variants { $0.missingMembers($1) }
        ),
        operation(
            "extra-members",
            3,
            "Members that no schema names do no harm.",
            .anEnd,
            variants { $0.extraMembers($1) }
        ),
        operation(
            "wrong-types",
            4,
            "A member of another type ends in an answer or an error.",
            .aFormedEnd,
            variants { $0.wrongTypes($1) }
        ),
        operation(
            "numbers",
            4,
            "Numbers at the edges end in an answer or an error.",
            .anEnd,
            variants { requests, base in
                requests.replaced("number", of: base, by: edges) + requests.replaced("integer", of: base, by: edges)
            }
        ),
        operation(
            "texts",
            4,
            "Empty texts, NUL, quotes, controls and every plane of Unicode are carried through.",
            .anEnd,
            variants { $0.replaced("string", of: $1, by: texts) }
        ),
        operation(
            "long-text",
            4,
            "A text of a mebibyte ends in an answer or an error, in time.",
            .anEndInTime,
            variants { $0.replaced("string", of: $1, by: [.string(String(repeating: "a b,", count: 1 << 18))]) }
        ),
        operation(
            "deep-nesting",
            4,
            "A hundred levels of nesting end in an answer or an error.",
            .anEnd,
            variants { $0.replaced($1, by: [deep(arrays: true), deep(arrays: false)]) }
        ),
        operation(
            "many-elements",
            5,
            "A hundred thousand elements end in an answer or an error, in time.",
            .anEndInTime,
            variants { requests, base in
                let many = JSON.array((0..<100_000).map(JSON.integer))
                return requests.replaced("array", of: base, by: [many]) + [base.replacing("x_many", with: many)]
            }
        ),
        operation("random", 5, "Objects of any content end in an answer or an error.", .aFormedEnd) { _, random in
            (0..<20).map { _ in
                var object = JSONObject()
                for _ in 0..<3 { object[RandomJSON.text(1...8, &random)] = RandomJSON.any(using: &random) }
                return JSON.object(object).encoded()
            }
        },
        operation("spaces", 3, "White space between the parts of a request changes nothing.", .aFittingResult) {
            requests,
            _ in
            requests.example.map { [Array(" \n\t".utf8) + $0.indentedBytes + Array("\r\n ".utf8)] } ?? []
        },
        operation(
            "unknown",
            3,
            "A name that is no operation's does no harm.",
            .anEnd,
            named: "no_such_operation",
            example
        ),
        operation(
            "unknown-refused",
            8,
            "A name that is no operation's is answered with an error.",
            .anError,
            named: "no_such_operation",
            example
        ),
        operation("not-an-object", 6, "A request that is no object ends in an answer or an error.", .anEnd) { _, _ in
            ["null", "[]", "0", "\"text\"", "true"].map { Array($0.utf8) }
        },
        operation("duplicate-names", 9, "A name that appears twice does no harm.", .survival) { requests, random in
            guard let base = requests.ordinary(using: &random)?.encoded(), base.count > 2 else { return [] }
            return [base.dropLast() + Array(",".utf8) + base.dropFirst()]
        },
        operation("broken-utf8", 9, "Bytes that are not UTF-8 do no harm.", .survival) { requests, random in
            guard let base = requests.ordinary(using: &random) else { return [] }
            let marked = requests.replaced("string", of: base, by: ["@@@"])
            return marked.flatMap { request in
                [[0xFF, 0xFE, 0xC0], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98]].map { bytes in
                    request.encoded().replacing(Array("@@@".utf8), with: bytes as [UInt8])
                }
            }
        },
        operation("cut-off", 9, "A request that breaks off does no harm.", .survival) { requests, random in
            guard let base = requests.ordinary(using: &random)?.encoded() else { return [] }
            return (0..<min(base.count, 64)).map { Array(base.prefix($0)) }
        },
        operation("damaged", 10, "A request with bytes changed at random does no harm.", .survival) {
            requests,
            random in
            guard let base = requests.ordinary(using: &random)?.encoded() else { return [] }
            return (0..<50).map { _ in Requests.mutated(base, using: &random) }
        },
    ]

    private static let edges: [JSON] = [
        "0", "-0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "1e308", "-1e308", "5e-324", "1e400", "0.1", "1.0", "1E2", "100000000000000000000000000000000000000000",
    ].compactMap { JSONNumber($0).map(JSON.number) }

    private static let texts: [JSON] = [
        "", " ", "\u{0}", "\"\\/\u{8}\u{c}\n\r\t\u{1f}\u{7f}", "é e\u{301} ß ſ İ ı", "漢字 かな 한글", "😀👨‍👩‍👧‍👦🇩🇪",
        "\u{202e}\u{200d}\u{feff}\u{fffe}\u{10ffff}", "%s%n%x", "{{}}${x}<b>&amp;'; --",
    ]

    private static func deep(arrays: Bool) -> JSON {
        (0..<100).reduce(JSON.null) { value, _ in arrays ? [value] : ["a": value] }
    }
}

extension JSON {
    /// With a line for each member.
    fileprivate var indentedBytes: [UInt8] {
        guard let object = objectValue else { return encoded() }
        let lines = object.map { JSON.string($0.key).text + " :\t" + $0.value.text }
        return Array(("{ \n" + lines.joined(separator: " ,\n") + " \n}").utf8)
    }
}
