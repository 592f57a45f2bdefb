import CPraximous
import Core
import PraximousJSON

/// A `prax_status` value of the header, whose enumerators Swift sees as another integer type.
func status<Value: BinaryInteger>(_ value: Value) -> prax_status { prax_status(truncatingIfNeeded: value) }

extension Failure.Kind {
    /// The failure that a plugin's negative status means.
    init(pluginStatus: prax_status) {
        self =
            switch Int(pluginStatus) {
            case -1: .invalid
            case -2: .unsupported
            case -3: .denied
            case -4: .notFound
            case -5: .cancelled
            case -6: .deadline
            case -7, -13: .busy
            case -8: .tooLarge
            case -9, -15: .upstream
            case -10: .unavailable
            case -11: .rateLimit
            case -14: .conflict
            default: .internal
            }
    }
}

extension Failure.Kind {
    /// The status by which a plugin hears of a failure of this kind.
    var pluginStatus: prax_status {
        switch self {
        case .invalid, .unprocessable: status(PRAX_E_INVALID)
        case .unsupported: status(PRAX_E_UNSUPPORTED)
        case .unauthenticated, .denied: status(PRAX_E_DENIED)
        case .notFound: status(PRAX_E_NOT_FOUND)
        case .cancelled: status(PRAX_E_CANCELLED)
        case .deadline: status(PRAX_E_DEADLINE)
        case .busy: status(PRAX_E_BUSY)
        case .tooLarge: status(PRAX_E_TOO_LARGE)
        case .upstream: status(PRAX_E_UPSTREAM)
        case .unavailable: status(PRAX_E_UNAVAILABLE)
        case .rateLimit: status(PRAX_E_RATE_LIMIT)
        case .conflict: status(PRAX_E_CONFLICT)
        case .internal: status(PRAX_E_INTERNAL)
        }
    }
}

extension Failure {
    /// What the caller hears when a plugin returned without saying finish or fail.
    init(silentEnd returned: prax_status) {
        let isMistake = returned >= 0
        self.init(
            isMistake ? .internal : Kind(pluginStatus: returned),
            code: isMistake ? "no_result" : "plugin_failed",
            message: isMistake
                ? "The skill ended without an answer."
                : "The skill failed with status \(returned) and gave no reason.",
            hint: "The host's log names the plugin."
        )
    }

    /// A refusal that quotes a whole document helps nobody.
    private static let maxDetailBytes = 16_384

    /// What a plugin's fail() means.
    ///
    /// A detail that is a string is appended as the original gateway did.
    init(
        pluginStatus: prax_status,
        code: String,
        message: String,
        details: JSON?,
        retryAfterMilliseconds: UInt32
    ) {
        self.init(
            pluginStatus < 0 ? Kind(pluginStatus: pluginStatus) : .internal,
            code: Self.code(ofPlugin: code),
            message: details?.stringValue.map { "\(message) (Details: \($0.cut(toBytes: Self.maxDetailBytes)))" }
                ?? message,
            details: details,
            retryAfterMilliseconds: retryAfterMilliseconds > 0 ? Int(retryAfterMilliseconds) : nil
        )
    }
}
