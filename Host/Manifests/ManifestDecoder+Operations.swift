import Core
import PraximousJSON

extension ManifestDecoder {
    private static let maxTimeoutSeconds = 3600

    func decodeTaskType(isNeeded: Bool) -> String? {
        guard let text = root.string("task_type"), let node = root.value("task_type") else {
            if isNeeded, root.value("task_type") == nil { root.missing("task_type", "pdf_extract") }
            return nil
        }
        guard Words.isTaskType(text) else {
            report.problem(
                "expected a task_type of a-z, 0-9 and _ that begins with a letter, found \(text.quotedForMessage())",
                at: node
            )
            return nil
        }
        return text
    }

    func decodeOperations(isNeeded: Bool) -> [Manifest.Operation] {
        guard let capabilities = root.mapping("capabilities") else {
            if isNeeded, root.value("capabilities") == nil {
                root.missing("capabilities", "{ operations: [{ name: run }] }")
            }
            return []
        }
        defer { finish(capabilities) }
        var names: Set<String> = []
        var defaults = 0
        let operations = mappings("operations", of: capabilities).compactMap { mapping -> Manifest.Operation? in
            guard let operation = decodeOperation(mapping) else { return nil }
            guard names.insert(operation.name).inserted else {
                report.problem("the operation \(operation.name) is there twice; rename one", at: mapping.node)
                return nil
            }
            if operation.isDefault { defaults += 1 }
            if defaults > 1, operation.isDefault {
                report.problem("a second operation is marked as default; leave one", at: mapping.node)
            }
            return operation
        }
        if isNeeded, operations.isEmpty, (capabilities.list("operations") ?? []).isEmpty {
            capabilities.missing("operations", "[{ name: run }] with at least one operation")
        }
        return operations
    }

    private func decodeOperation(_ mapping: YAMLMapping) -> Manifest.Operation? {
        defer { finish(mapping) }
        let name = mapping.string("name")
        var operation = Manifest.Operation(name: name ?? "", title: mapping.string("title"))
        operation.description = mapping.string("description") ?? ""
        operation.isDefault = mapping.bool("default") ?? false
        operation.isStreaming = mapping.bool("streaming") ?? false
        operation.isIdempotent = mapping.bool("idempotent") ?? false
        operation.isQuick = mapping.bool("quick") ?? false
        operation.timeout = mapping.int("timeout_s", in: 1...Self.maxTimeoutSeconds).map { .seconds($0) }
        operation.resultSchema = mapping.value("result_schema").flatMap(decodeSchema)?.json
        operation.example = mapping.value("example")?.json(report)
        if let node = mapping.value("parameters_schema"), let schema = decodeParameters(node) {
            operation.parametersSchema = schema.json
            checkExample(operation, schema.compiled, mapping)
        }
        guard let name, let node = mapping.value("name") else {
            if mapping.value("name") == nil { mapping.missing("name", "extract") }
            return nil
        }
        guard Words.isOperationName(name) else {
            report.problem(
                "expected an operation name of a-z, 0-9, _ and - that begins with a letter, "
                    + "found \(name.quotedForMessage())",
                at: node
            )
            return nil
        }
        return operation
    }

    func decodeConfigSchema() -> JSON? { root.value("config_schema").flatMap(decodeSchema)?.json }

    private func decodeParameters(_ node: YAMLNode) -> (json: JSON, compiled: JSONSchema)? {
        guard ParameterMap.isOne(node) else { return decodeSchema(node) }
        report.warning(
            "parameters_schema is a map of parameters, which is deprecated; write JSON Schema: "
                + "{ type: object, required: […], properties: {…} }",
            line: node.line,
            column: node.column
        )
        guard let schema = ParameterMap.schema(node, report) else { return nil }
        return compiled(schema, node)
    }

    private func decodeSchema(_ node: YAMLNode) -> (json: JSON, compiled: JSONSchema)? {
        node.json(report).flatMap { compiled($0, node) }
    }

    private func compiled(_ schema: JSON, _ node: YAMLNode) -> (json: JSON, compiled: JSONSchema)? {
        do {
            return (schema, try JSONSchema.compile(schema))
        } catch {
            report.problem(error.description, at: node.descendant(at: error.path))
            return nil
        }
    }

    /// An example that its own schema refuses misleads whoever copies it, but breaks nothing.
    private func checkExample(_ operation: Manifest.Operation, _ schema: JSONSchema, _ mapping: YAMLMapping) {
        guard var request = operation.example?["request"]?.objectValue, let node = mapping.value("example") else {
            return
        }
        request["task_type"] = nil
        guard let violation = schema.validate(.object(request)).first else { return }
        report.warning(
            "the example does not pass its parameters_schema: \(violation)",
            line: node.line,
            column: node.column
        )
    }

    func decodeHealth(_ operations: [Manifest.Operation]) -> Manifest.Health? {
        guard let health = root.mapping("health") else { return nil }
        defer { finish(health) }
        let interval = health.int("interval_s", in: 1...86_400) ?? 30
        guard let name = health.string("operation"), let node = health.value("operation") else {
            if health.value("operation") == nil { health.missing("operation", "ping") }
            return nil
        }
        guard operations.contains(where: { $0.name == name }) else {
            let guess = Spelling.nearest(to: name, among: operations.map(\.name)).map { "; did you mean \($0)?" }
            report.problem(
                "the health operation \(name.quotedForMessage()) is none of the operations\(guess ?? "")",
                at: node
            )
            return nil
        }
        return Manifest.Health(operation: name, interval: .seconds(interval))
    }
}
