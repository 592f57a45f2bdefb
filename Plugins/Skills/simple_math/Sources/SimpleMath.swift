import PraximousJSON
import PraximousPlugin

/// Four operations on two numbers: integers exactly, anything with a fraction as a double.
struct SimpleMath: Skill {
    static let identity = PluginIdentity(id: "praximous/simple-math", version: "1.0.0")
    static let operations = ["calculate"]

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        guard let first = parameters["num1"], let second = parameters["num2"],
            first.isOperand, second.isOperand
        else {
            throw SkillFailure("Input error", details: "Both 'num1' and 'num2' must be provided as numbers.")
        }
        let wanted = (parameters["operation"]?.stringValue ?? "add").lowercased()
        guard let arithmetic = Arithmetic(rawValue: wanted) else {
            throw SkillFailure(
                "Unsupported operation: \(wanted)",
                details: "Supported operations: add, subtract, multiply, divide."
            )
        }
        let result = try arithmetic.apply(try Operand(first), try Operand(second))
        return [
            "num1": first,
            "num2": second,
            "operation": .string(wanted),
            "result": .number(result),
            "message": parameters["prompt"] ?? "",
        ]
    }
}

extension JSON {
    /// Truth values count as 1 and 0.
    fileprivate var isOperand: Bool {
        switch self {
        case .number, .bool: true
        case .null, .string, .array, .object: false
        }
    }
}
