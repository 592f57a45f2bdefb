import PraximousJSON
import PraximousPlugin

/// A caller's own pattern, ready to run.
struct CustomPattern: Sendable {
    let name: String
    let program: PatternProgram
}

/// What a request asks for.
struct Options {
    static let maxPatterns = 16
    static let maxNameLength = 32
    /// Offsets are held in 32 bits, and a text this long is a file that should be redacted in parts.
    static let maxTextBytes = 16 << 20
    /// Bytes of text times states of patterns: what bounds the time that patterns can take.
    static let maxWork = 2_000_000_000

    let text: String
    let kinds: Set<PIIKind>
    let patterns: [CustomPattern]
    let mode: RedactionMode

    init(_ parameters: JSON) throws(SkillFailure) {
        let named = parameters["text"]?.stringValue ?? ""
        text = named.isEmpty ? parameters["prompt"]?.stringValue ?? "" : named
        guard !text.isEmpty else { throw Self.failure("Text for PII redaction cannot be empty.") }
        guard text.utf8.count <= Self.maxTextBytes else {
            throw SkillFailure(
                "Input Error",
                details: "The text has more than \(Self.maxTextBytes) bytes; send it in parts.",
                status: .tooLarge,
                code: "text_too_large"
            )
        }
        kinds = try Self.kinds(parameters["kinds"])
        patterns = try Self.patterns(parameters["custom_patterns"])
        mode = try Self.mode(parameters["mode"])
        guard text.utf8.count * patterns.reduce(0, { $0 + $1.program.states.count }) <= Self.maxWork else {
            throw Self.failure("The text is too long for this many custom patterns; send it in parts.")
        }
    }

    private static func failure(_ details: String) -> SkillFailure { SkillFailure("Input Error", details: details) }

    private static func kinds(_ value: JSON?) throws(SkillFailure) -> Set<PIIKind> {
        guard let value, value != .null else { return Set(PIIKind.builtIn) }
        let known = PIIKind.builtIn.map(\.rawValue).joined(separator: ", ")
        guard let names = value.arrayValue else { throw failure("'kinds' must be a list of: \(known).") }
        var kinds: Set<PIIKind> = []
        for name in names {
            guard let text = name.stringValue, let kind = PIIKind(rawValue: text), kind != .custom else {
                throw failure("'kinds' may hold: \(known).")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    private static func mode(_ value: JSON?) throws(SkillFailure) -> RedactionMode {
        guard let value, value != .null else { return .label }
        guard let name = value.stringValue, let mode = RedactionMode(rawValue: name) else {
            throw failure("'mode' must be 'label' or 'mask'.")
        }
        return mode
    }

    private static func patterns(_ value: JSON?) throws(SkillFailure) -> [CustomPattern] {
        guard let value, value != .null else { return [] }
        guard let list = value.arrayValue, list.count <= maxPatterns else {
            throw failure("'custom_patterns' must be a list of at most \(maxPatterns) objects of 'name' and 'pattern'.")
        }
        var patterns: [CustomPattern] = []
        for (index, entry) in list.enumerated() { patterns.append(try pattern(entry, number: index + 1)) }
        return patterns
    }

    private static func pattern(_ value: JSON, number: Int) throws(SkillFailure) -> CustomPattern {
        guard let name = value["name"]?.stringValue, let pattern = value["pattern"]?.stringValue else {
            throw failure("custom_patterns[\(number - 1)] needs 'name' and 'pattern', both strings.")
        }
        guard isName(name) else {
            throw failure(
                "The name of custom_patterns[\(number - 1)] must be 1 to \(maxNameLength) ASCII letters, digits or "
                    + "underscores and start with a letter."
            )
        }
        do {
            return CustomPattern(name: name, program: try PatternProgram(pattern))
        } catch {
            throw failure("The pattern '\(name)' \(error.description).")
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard (1...maxNameLength).contains(name.utf8.count), let first = name.utf8.first else { return false }
        let isWord = name.utf8.allSatisfy { byte in
            ScalarClass.ofASCII(UInt32(byte)) != .other || byte == UInt8(ascii: "_")
        }
        return isWord && ScalarClass.ofASCII(UInt32(first)) == .letter
    }
}
