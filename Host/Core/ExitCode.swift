/// The exit codes of `prax-host`: stable, documented in the README, tested.
package enum ExitCode: Int32, Sendable {
    case success = 0
    case internalError = 1
    /// Wrong usage, or a reference that could mean two things.
    case usage = 2
    case notFound = 3
    case verificationFailed = 4
    /// Wrong ABI, platform or host version.
    case incompatible = 5
    case network = 6
    case conflict = 7
    /// The operator's policy or the missing consent of a person.
    case refused = 8
    case locked = 9
    case partial = 10
    case findings = 11
    /// The host ended so that its supervisor starts it again.
    case restart = 12
    case interrupted = 130

    /// The word for this code in `--json` output.
    package var word: String {
        switch self {
        case .success: "ok"
        case .internalError: "internal"
        case .usage: "usage"
        case .notFound: "not_found"
        case .verificationFailed: "verification_failed"
        case .incompatible: "incompatible"
        case .network: "network"
        case .conflict: "conflict"
        case .refused: "refused"
        case .locked: "locked"
        case .partial: "partial"
        case .findings: "findings"
        case .restart: "restart"
        case .interrupted: "interrupted"
        }
    }
}
