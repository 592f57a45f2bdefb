package import PraximousJSON

/// What a vendor says went wrong, in OpenAI's form.
package struct VendorError: Sendable, Hashable {
    package var message: String
    package var type: String?
    package var param: String?
    package var code: String?
    /// An HTTP status that stands in the error itself.
    package var status: Int?
    /// How long to wait, where the error itself says so.
    package var retryAfterMilliseconds: UInt32 = 0

    private static let maxBytes = 2000

    /// Reads the forms of OpenAI, Anthropic, Google, Ollama and FastAPI; nil when there is no error in it.
    package init?(_ json: JSON) {
        let json = json.arrayValue?.first ?? json
        // vLLM's older form is an error all over.
        let whole: JSON? = json["object"] == "error" ? json : Optional.none
        let error: JSON? = json["error"] ?? json["detail"] ?? whole
        switch error {
        case nil, .some(.null), .some(.bool(false)): return nil
        case .some(.string(let text)): message = text
        case .some(.object(let members)):
            message = members["message"]?.stringValue ?? ""
            type = members["type"]?.stringValue ?? members["status"]?.stringValue
            param = members["param"]?.stringValue
            code = members["code"]?.stringValue
            status = members["code"]?.intValue.flatMap { 400...599 ~= $0 ? $0 : nil }
            retryAfterMilliseconds = Self.retryDelay(members["details"])
        case .some(let other): message = other.text
        }
        message = Self.cut(message)
        (type, param, code) = (type.map(Self.cut), param.map(Self.cut), code.map(Self.cut))
    }

    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        return ["message": .string(message), "type": text(type), "param": text(param), "code": text(code)]
    }

    /// Whether a word stands in what the vendor says, in small letters.
    func mentions(_ words: String...) -> Bool {
        let text = [message, type ?? "", code ?? ""].joined(separator: " ").lowercased()
        return words.contains { text.contains($0) }
    }

    /// Without a secret that the vendor may have repeated.
    func scrubbed(_ secret: String) -> VendorError {
        guard !secret.isEmpty else { return self }
        var error = self
        func scrub(_ text: String) -> String {
            text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "<redacted>")
        }
        error.message = scrub(message)
        (error.type, error.param, error.code) = (type.map(scrub), param.map(scrub), code.map(scrub))
        return error
    }

    /// Google's `RetryInfo`, such as `{"retryDelay":"34s"}`.
    private static func retryDelay(_ details: JSON?) -> UInt32 {
        for detail in details?.arrayValue ?? [] {
            guard let text = detail["retryDelay"]?.stringValue, text.hasSuffix("s") else { continue }
            return RetryAfter.milliseconds(nil, String(text.dropLast()), now: 0)
        }
        return 0
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= maxBytes ? text : String(decoding: text.utf8.prefix(maxBytes), as: UTF8.self) + "…"
    }
}

extension String {
    fileprivate func contains(_ words: String) -> Bool {
        let (text, words) = (Array(utf8), Array(words.utf8))
        guard text.count >= words.count else { return false }
        return (0...text.count - words.count).contains { text[$0...].starts(with: words) }
    }

    fileprivate func split(separator: String, omittingEmptySubsequences: Bool) -> [String] {
        let (text, separator) = (Array(utf8), Array(separator.utf8))
        var parts: [String] = []
        var start = 0
        var position = 0
        while position + separator.count <= text.count {
            guard text[position...].starts(with: separator) else {
                position += 1
                continue
            }
            parts.append(String(decoding: text[start..<position], as: UTF8.self))
            position += separator.count
            start = position
        }
        return parts + [String(decoding: text[start...], as: UTF8.self)]
    }
}
