import Core
import PraximousJSON

/// The requests that checks and fuzzers make of an operation.
struct Requests {
    let operation: Manifest.Operation

    /// The example's parameters, as the host hands them over.
    var example: JSON? { operation.example?["request"].flatMap(Self.parameters) }

    /// A request without what is the host's own.
    static func parameters(of request: JSON) -> JSON? {
        guard var object = request.objectValue else { return nil }
        object["task_type"] = nil
        return .object(object)
    }

    /// As the schema allows.
    func valid(_ count: Int, using random: inout SeededGenerator) -> [JSON] {
        (0..<count).compactMap { _ in RandomJSON.valid(operation.parametersSchema, using: &random) }
            .filter { $0.objectValue != nil }
    }

    /// The example, or else something that the schema allows.
    func ordinary(using random: inout SeededGenerator) -> JSON? { example ?? valid(1, using: &random).first }

    /// The members that the schema names.
    private var properties: JSONObject { operation.parametersSchema["properties"]?.objectValue ?? [:] }
    private var names: [String] {
        let own = properties.keys
        return own.isEmpty ? example?.objectValue?.keys ?? [] : own
    }

    /// Each member in turn replaced by something of another type.
    func wrongTypes(_ base: JSON) -> [JSON] {
        let others: [JSON] = [.null, true, 42, "text", [1, [2]], ["a": ["b": 1]]]
        return names.flatMap { name in
            others.filter { $0.typeName != base[name]?.typeName }.map { base.replacing(name, with: $0) }
        }
    }

    /// Each member in turn left out.
    func missingMembers(_ base: JSON) -> [JSON] {
        names.filter { base[$0] != nil }.map { base.replacing($0, with: nil) }
    }

    func extraMembers(_ base: JSON) -> [JSON] {
        [
            base.replacing("x_unknown", with: "surplus"), base.replacing("", with: 1),
            base.replacing("__proto__", with: ["a": 1]), base.replacing("x\"\\\n\u{0}", with: [nil]),
        ]
    }

    /// Each member in turn replaced.
    func replaced(_ base: JSON, by values: [JSON]) -> [JSON] {
        names.flatMap { name in values.map { base.replacing(name, with: $0) } }
    }

    /// Each member that is of this type replaced in turn.
    func replaced(_ type: String, of base: JSON, by values: [JSON]) -> [JSON] {
        let fitting = names.filter { name in
            let declared = properties[name]?["type"]
            return declared?.stringValue == type || declared?.arrayValue?.contains(.string(type)) == true
                || base[name]?.typeName == type
        }
        return fitting.flatMap { name in values.map { base.replacing(name, with: $0) } }
    }

    /// A base with some of its bytes changed.
    static func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = .random(in: 0 ... .max, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 16)], at: place)
            default: bytes.replaceSubrange(place..<min(bytes.count, place + 1), with: Array("-1e999[]{}\"\\".utf8))
            }
        }
        return bytes
    }
}

extension JSON {
    /// The object with one member set, or removed for nil; what is no object stays.
    func replacing(_ name: String, with value: JSON?) -> JSON {
        guard var object = objectValue else { return self }
        object[name] = value
        return .object(object)
    }
}
