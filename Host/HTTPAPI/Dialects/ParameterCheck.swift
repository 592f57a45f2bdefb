import Core
import PraximousJSON

/// Looks at the members of a request's body one by one; throws ``Failure`` with the member's path as `param` in the
/// words that OpenAI's API has for it.
///
/// What a vendor may come to add is not judged: members that nobody here knows pass, and so do values that only a model
/// can judge.
struct ParameterCheck {
    /// No name or id is longer.
    static let maxNameBytes = 256

    let body: JSONObject

    /// A member that may be left out or null.
    subscript(_ key: String) -> JSON? { body[key].flatMap { $0 == .null ? nil : $0 } }

    /// The name of the model, which everything else hangs on.
    func model() throws(Failure) -> String {
        guard let value = self["model"] else { throw .missing("model") }
        guard let model = value.stringValue else { throw .wrongType("model", "a string", value) }
        guard !model.isEmpty else { throw .invalid("model", "it is empty. Expected the name of a model") }
        guard model.utf8.count <= Self.maxNameBytes else {
            throw .invalid("model", "\(model.utf8.count) bytes are too many. Expected at most \(Self.maxNameBytes)")
        }
        return model
    }

    /// The elements of an array that must be there and hold something.
    func elements(_ key: String) throws(Failure) -> [JSON] {
        guard let value = self[key] else { throw .missing(key) }
        guard let elements = value.arrayValue else { throw .wrongType(key, "an array of objects", value) }
        guard !elements.isEmpty else {
            throw .invalid(key, "empty array. Expected an array with minimum length 1", code: "empty_array")
        }
        return elements
    }

    func flag(_ key: String) throws(Failure) -> Bool {
        guard let value = self[key] else { return false }
        guard let flag = value.boolValue else { throw .wrongType(key, "a boolean", value) }
        return flag
    }

    func string(_ key: String) throws(Failure) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.stringValue else { throw .wrongType(key, "a string", value) }
        return text
    }

    @discardableResult
    func integer(_ key: String, in range: ClosedRange<Int>? = nil) throws(Failure) -> Int? {
        guard let value = self[key] else { return nil }
        guard let number = value.intValue else { throw .wrongType(key, "an integer", value) }
        if let range, !range.contains(number) {
            let bound = number < range.lowerBound ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
            throw .invalid(key, "\(number). Expected a value of \(bound)", code: "integer_out_of_range")
        }
        return number
    }

    func number(_ key: String) throws(Failure) {
        guard let value = self[key] else { return }
        guard let number = value.doubleValue else { throw .wrongType(key, "a number", value) }
        guard number.isFinite else { throw .invalid(key, "the number is too large") }
    }

    func object(_ key: String) throws(Failure) -> JSONObject? {
        guard let value = self[key] else { return nil }
        guard let object = value.objectValue else { throw .wrongType(key, "an object", value) }
        return object
    }

    /// A string, or an array of strings.
    func strings(_ key: String) throws(Failure) {
        guard let value = self[key], value.stringValue == nil else { return }
        guard let list = value.arrayValue, list.allSatisfy({ $0.stringValue != nil }) else {
            throw .wrongType(key, "a string or an array of strings", value)
        }
    }
}

extension Failure {
    static func missing(_ param: String) -> Failure {
        refused("Missing required parameter: '\(param)'.", param, code: "missing_required_parameter")
    }

    static func wrongType(_ param: String, _ expected: String, _ found: JSON) -> Failure {
        refused(
            "Invalid type for '\(param)': expected \(expected), but found \(found.described).",
            param,
            code: "invalid_type"
        )
    }

    static func invalid(_ param: String, _ reason: String, code: String = "invalid_value") -> Failure {
        refused("Invalid '\(param)': \(reason).", param, code: code)
    }

    static func refused(_ message: String, _ param: String, code: String) -> Failure {
        Failure(.invalid, code: code, message: message, details: ["param": .string(param)])
    }
}

extension JSON {
    fileprivate var described: String {
        switch typeName {
        case "null": "null"
        case "array", "object", "integer": "an " + typeName
        default: "a " + typeName
        }
    }
}
