import Core
import PluginRuntime
import PraximousJSON

/// A failure as JSON, between the two sides of the wire.
extension Failure {
    var wireBytes: [UInt8] {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "code": .string(code), "message": .string(message),
        ]
        if let hint { object["hint"] = .string(hint) }
        if let details { object["details"] = details }
        if let retryAfterMilliseconds { object["retry_after_ms"] = .integer(retryAfterMilliseconds) }
        return JSON.object(object).encoded()
    }

    /// Texts are cut: a worker that was taken over must not fill the host's answers and logs.
    init(wireBytes: UnsafeRawBufferPointer) throws(WireError) {
        guard let object = try? JSON.parse(wireBytes.bindMemory(to: UInt8.self)).objectValue,
            let kind = object["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
            let code = object["code"]?.stringValue, let message = object["message"]?.stringValue
        else { throw WireError("a failure that is not one") }
        self.init(
            // That nobody knows the caller is not a plugin's to say.
            kind == .unauthenticated ? .denied : kind,
            code: Self.code(ofPlugin: code),
            message: message.cut(toBytes: Self.maxMessageBytes),
            hint: object["hint"]?.stringValue?.cut(toBytes: 1024),
            details: object["details"],
            // Whoever reckons with it must not overflow.
            retryAfterMilliseconds: object["retry_after_ms"]?.intValue.map { Int(UInt32(clamping: $0)) }
        )
    }

    private static let maxMessageBytes = 32_768
}
