import Core

/// Reads the fields of one mapping by type.
///
/// What is wrong goes to the report, and the field counts as absent.
///
/// Each key asked for is remembered; ``finish(strict:)`` reports the keys that nobody asked for.
package final class YAMLMapping {
    package let node: YAMLNode
    package let report: YAMLReport
    private let entries: [YAMLEntry]
    private var asked: [String] = []

    /// nil, and a problem in the report, when the node is no mapping.
    package init?(_ node: YAMLNode, _ report: YAMLReport) {
        guard let entries = node.entries else {
            report.problem("expected a mapping of keys to values, found \(node.briefly)", at: node)
            return nil
        }
        self.node = node
        self.entries = entries
        self.report = report
    }

    package var keys: [String] { entries.map(\.key) }

    /// The value of that key as it stands.
    package func value(_ key: String) -> YAMLNode? {
        asked.append(key)
        return entries.first { $0.key == key }?.value
    }

    /// Reports the keys that no accessor asked for: as problems when `strict`, else as warnings.
    package func finish(strict: Bool = true) {
        for entry in entries where !asked.contains(entry.key) {
            let guess = Spelling.nearest(to: entry.key, among: asked).map { "; did you mean \($0)?" } ?? ""
            let message = "unknown key \(entry.key.quotedForMessage())\(guess)"
            if strict {
                report.problem(message, line: entry.line, column: entry.column)
            } else {
                report.warning(message, line: entry.line, column: entry.column)
            }
        }
    }

    /// Reports what is wrong with a key itself.
    package func problem(_ message: String, atKey key: String) {
        guard let entry = entries.first(where: { $0.key == key }) else { return report.problem(message, at: node) }
        report.problem(message, line: entry.line, column: entry.column)
    }

    /// Reports that a key that must be there is not.
    package func missing(_ key: String, _ example: String) {
        report.problem("expected the key \(key), found none; add \(key): \(example)", at: node)
    }
}

extension YAMLMapping {
    package func string(_ key: String) -> String? { value(key).flatMap { $0.text(key, report) } }

    package func bool(_ key: String) -> Bool? {
        guard let node = value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = node.content, case .boolean(let value) = YAMLScalar.resolve(text) {
            return value
        }
        report.problem("expected true or false for \(key), found \(node.briefly)", at: node)
        return nil
    }

    package func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = node.content, case .number(let digits) = YAMLScalar.resolve(text),
            let value = Int(digits), range.contains(value)
        {
            return value
        }
        report.problem(
            "expected a whole number from \(range.lowerBound) to \(range.upperBound) for \(key), found \(node.briefly)",
            at: node
        )
        return nil
    }

    /// A number, whole or not.
    package func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = value(key) else { return nil }
        if case .scalar(let text, isPlain: true) = node.content, case .number(let digits) = YAMLScalar.resolve(text),
            let value = Double(digits), range.contains(value)
        {
            return value
        }
        report.problem(
            "expected a number from \(range.lowerBound) to \(range.upperBound) for \(key), found \(node.briefly)",
            at: node
        )
        return nil
    }

    /// A number of units, or a text such as `30s`, `250ms`, `5m`, `12h`, `90d`.
    package func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
        guard let node = value(key) else { return nil }
        if case .scalar(let text, _) = node.content, let value = Quantity.duration(text), range.contains(value) {
            return value
        }
        let bounds = "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
        report.problem("expected a time such as 30s, from \(bounds), for \(key), found \(node.briefly)", at: node)
        return nil
    }

    /// A number of bytes, or a text such as `64KiB`, `10MB`.
    package func bytes(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = value(key) else { return nil }
        if case .scalar(let text, _) = node.content, let value = Quantity.bytes(text), range.contains(value) {
            return value
        }
        report.problem(
            "expected a size such as 64MiB, from \(range.lowerBound) to \(range.upperBound) bytes, for \(key), "
                + "found \(node.briefly)",
            at: node
        )
        return nil
    }

    /// One of the words given.
    package func word<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let node = value(key), let text = node.text(key, report) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let choices = type.allCases.map(\.rawValue)
        let guess = Spelling.nearest(to: text, among: choices).map { "; did you mean \($0)?" } ?? ""
        report.problem(
            "expected \(choices.joined(separator: ", ")) for \(key), found \(node.briefly)\(guess)",
            at: node
        )
        return nil
    }

    /// The elements of a list; nil when the key is absent or no list.
    package func list(_ key: String) -> [YAMLNode]? {
        guard let node = value(key) else { return nil }
        if case .sequence(let elements) = node.content { return elements }
        report.problem("expected a list for \(key), found \(node.briefly)", at: node)
        return nil
    }

    package func strings(_ key: String) -> [String]? { list(key)?.compactMap { $0.text(key, report) } }

    package func mapping(_ key: String) -> YAMLMapping? { value(key).flatMap { YAMLMapping($0, report) } }
}

extension YAMLNode {
    /// The text of a scalar.
    ///
    /// A plain scalar that YAML reads as something else is refused: `no` is a country, and `1.10` is a version, only
    /// in quotes.
    package func text(_ what: String, _ report: YAMLReport) -> String? {
        guard case .scalar(let text, let isPlain) = content else {
            report.problem("expected a text for \(what), found \(briefly)", at: self)
            return nil
        }
        guard isPlain else { return text }
        let meaning = YAMLScalar.resolve(text)
        if meaning == .text, !YAMLScalar.isOldBoolean(text) { return text }
        let found = meaning == .text ? "\(text), which many readers of YAML take for a boolean" : briefly
        report.problem("expected a text for \(what), found \(found); put it in quotes: \"\(text)\"", at: self)
        return nil
    }
}
