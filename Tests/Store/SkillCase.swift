import Foundation
import PraximousJSON
import TestSupport

/// One row of registry/skills/tests/cases.jsonl: a call and what must come of it.
struct SkillCase: Sendable {
    let line: Int
    let skill: String
    let operation: String
    let parameters: JSON
    let expectation: Expectation

    enum Expectation: Sendable {
        case result(JSON)
        /// The result is an object that has at least these members.
        case resultIncludes(JSONObject)
        /// `status`, `code`, and where given `message`, `detail` or `detail_contains`.
        case error(JSON)
    }

    struct BadRow: Error { let line: Int }

    init(_ text: some StringProtocol, line: Int) throws {
        let row = try JSON.parse(String(text))
        guard let skill = row["skill"]?.stringValue, let operation = row["operation"]?.stringValue,
            let parameters = row["params"], let expectation = Self.expectation(row)
        else { throw BadRow(line: line) }
        self.line = line
        self.skill = skill
        self.operation = operation
        self.parameters = parameters
        self.expectation = expectation
    }

    private static func expectation(_ row: JSON) -> Expectation? {
        if let result = row["result"] { return .result(result) }
        if let part = row["result_includes"]?.objectValue { return .resultIncludes(part) }
        return row["error"].map(Expectation.error)
    }

    /// What is wrong with the driver's answer; nil when it is as expected.
    func problem(with answer: Command) -> String? {
        guard answer.exitCode == 0 else { return "exit \(answer.exitCode ?? -1): \(answer.errors)" }
        let text = answer.output.hasSuffix("\n") ? String(answer.output.dropLast()) : answer.output
        let isRight =
            switch expectation {
            case .result(let result): (try? JSON.parse(text)) == result
            case .resultIncludes(let part):
                (try? JSON.parse(text)).map { result in part.allSatisfy { result[$0.key] == $0.value } } ?? false
            case .error(let error): Self.matches(text, error)
            }
        return isRight ? nil : "answered \(text.prefix(500))"
    }

    /// Whether a line `ERROR status code: message ("detail")` is that error.
    private static func matches(_ text: String, _ error: JSON) -> Bool {
        guard let found = text.wholeMatch(of: /(?s)ERROR (-?\d+) (\w*): (.*?)(?: \((".*")\))?/),
            found.1 == error["status"]?.text ?? "", found.2 == error["code"]?.stringValue ?? ""
        else { return false }
        let detail = found.4.flatMap { try? JSON.parse(String($0)).stringValue }
        if let message = error["message"]?.stringValue, found.3 != message { return false }
        if let expected = error["detail"]?.stringValue, detail != expected { return false }
        if let part = error["detail_contains"]?.stringValue, detail?.contains(part) != true { return false }
        return true
    }

    static func all() throws -> [SkillCase] {
        let table = try String(contentsOfFile: SourceTree.path("registry/skills/tests/cases.jsonl"), encoding: .utf8)
        return try table.split(separator: "\n").enumerated().map { try SkillCase($0.element, line: $0.offset + 1) }
    }
}
