import Core

/// Collects what is wrong with one YAML file, so that its author hears everything at once.
package final class YAMLReport {
    package static let maxProblems = 20

    package let source: String
    private var problems: [YAMLError] = []
    private var notes: [YAMLError] = []

    package init(source: String) { self.source = source }

    package var hasProblems: Bool { !problems.isEmpty }
    /// What a person should know, by line.
    package var warnings: [String] { Self.sorted(notes) }

    package func problem(_ message: String, at node: YAMLNode) {
        problem(message, line: node.line, column: node.column)
    }

    package func problem(_ message: String, line: Int, column: Int) {
        problems.append(YAMLError(source: source, line: line, column: column, message: message))
    }

    package func warning(_ message: String, line: Int, column: Int) {
        notes.append(YAMLError(source: source, line: line, column: column, message: message))
    }

    /// Throws ``YAMLProblems`` when there are any.
    package func check() throws(YAMLProblems) {
        guard !problems.isEmpty else { return }
        throw YAMLProblems(problems: Array(Self.sorted(problems).prefix(Self.maxProblems)))
    }

    private static func sorted(_ problems: [YAMLError]) -> [String] {
        var seen: Set<YAMLError> = []
        return
            problems
            .sorted { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
            .filter { seen.insert($0).inserted }
            .map(\.description)
    }
}

/// Everything that is wrong with a file, a sentence each, by line.
package struct YAMLProblems: Error, Sendable, Hashable, CustomStringConvertible {
    package let problems: [String]

    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}
