import Core
package import PraximousJSON

extension YAMLNode {
    /// The node as JSON, scalars typed by YAML 1.2's core schema: `yes` and `no` stay texts.
    ///
    /// nil, and a problem in the report, for what JSON cannot hold.
    package func json(_ report: YAMLReport) -> JSON? {
        switch content {
        case .scalar(let text, let isPlain): return isPlain ? plainJSON(text, report) : .string(text)
        case .sequence(let elements):
            var values: [JSON] = []
            for element in elements {
                guard let value = element.json(report) else { return nil }
                values.append(value)
            }
            return .array(values)
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries {
                guard let value = entry.value.json(report) else { return nil }
                object[entry.key] = value
            }
            return .object(object)
        }
    }

    private func plainJSON(_ text: String, _ report: YAMLReport) -> JSON? {
        switch YAMLScalar.resolve(text) {
        case .null: return .null
        case .boolean(let value): return .bool(value)
        case .text: return .string(text)
        case .number(let digits):
            if let number = JSONNumber(digits) { return .number(number) }
        case .notFinite: break
        }
        report.problem("expected a number that JSON can hold, found \(briefly)", at: self)
        return nil
    }

    /// The node at that path, or the last one on the way to it.
    func descendant(at path: [JSONPathComponent]) -> YAMLNode {
        var node = self
        for component in path {
            switch (component, node.content) {
            case (.key(let key), .mapping):
                guard let child = node[key] else { return node }
                node = child
            case (.index(let position), .sequence(let elements)):
                guard elements.indices.contains(position) else { return node }
                node = elements[position]
            default: return node
            }
        }
        return node
    }
}
