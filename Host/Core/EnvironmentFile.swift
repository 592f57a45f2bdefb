/// The variables of a `.env` file, with its text kept so that a changed value leaves comments and order alone.
///
/// A line is `NAME=VALUE`, optionally after `export`; a blank line or one that begins with `#` is skipped. Single
/// quotes take the value as it is; double quotes know `\n`, `\r`, `\t`, `\"`, `\\` and `\$`; without quotes the value
/// ends at the line's end or before ` #`. Nothing is expanded. Of a name that stands twice the last line counts.
package struct EnvironmentFile: Sendable, CustomStringConvertible, CustomReflectable {
    package static let maxBytes = 1 << 20

    /// The variables in the order of the file.
    package let variables: [(name: String, value: Secret)]
    private let lines: [Line]

    private struct Line: Sendable {
        let text: Substring
        let name: String?
    }

    package static let empty = EnvironmentFile(variables: [], lines: [])

    /// The lines hold the values in clear, so they are not shown.
    package var customMirror: Mirror { Mirror(self, children: ["variables": variables.map(\.name)]) }
    package var description: String { "\(variables.count) variables" }

    private init(variables: [(name: String, value: Secret)], lines: [Line]) {
        self.variables = variables
        self.lines = lines
    }

    package static func parse(_ text: String) throws(EnvironmentFileError) -> EnvironmentFile {
        guard text.utf8.count <= maxBytes else { throw EnvironmentFileError(line: 1, problem: .tooLarge) }
        var variables: [(name: String, value: Secret)] = []
        var lines: [Line] = []
        let body = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : Substring(text)
        let raws = body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, raw) in raws.enumerated() {
            do throws(EnvironmentLine.Problem) {
                let found = try EnvironmentLine.parse(raw)
                if let found { variables.append((found.name, Secret(found.value))) }
                lines.append(Line(text: raw, name: found?.name))
            } catch {
                throw EnvironmentFileError(line: index + 1, problem: error)
            }
        }
        if lines.last?.text.isEmpty == true { lines.removeLast() }
        return EnvironmentFile(variables: variables, lines: lines)
    }

    package subscript(name: String) -> Secret? {
        variables.last { $0.name == name }?.value
    }

    /// The file's text with the variable set: its last line is replaced, or a new one added at the end.
    package func text(setting name: String, to value: Secret) throws(EnvironmentFileError) -> Secret {
        guard EnvironmentLine.isName(name) else { throw EnvironmentFileError(line: 0, problem: .badName) }
        guard !value.exposed.utf8.contains(0) else { throw EnvironmentFileError(line: 0, problem: .badValue) }
        let assignment = name + "=" + EnvironmentLine.quote(value.exposed)
        var texts = lines.map { String($0.text) }
        if let place = lines.lastIndex(where: { $0.name == name }) {
            texts[place] = assignment
        } else {
            texts.append(assignment)
        }
        return Secret(texts.joined(separator: "\n") + "\n")
    }
}

/// What is wrong in a `.env` file, and in which line.
///
/// It never quotes the line: that may be a secret.
package struct EnvironmentFileError: Error, Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let problem: EnvironmentLine.Problem

    package var description: String {
        let place = line > 0 ? "line \(line): " : ""
        return place + problem.sentence
    }
}
