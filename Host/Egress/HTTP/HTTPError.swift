/// Why a transfer did not start or did not end well.
///
/// A reason may name the host that was asked, never a path or a query: there may be a token in it.
package enum HTTPError: Error, Hashable, Sendable {
    case malformed(reason: String)
    /// The policy does not allow the scheme, the host, the method or the address behind the name.
    case refused(reason: String)
    case tooManyTransfers(limit: Int)
    case timedOut(phase: String, milliseconds: Int)
    case headTooLarge(maxBytes: Int)
    case bodyTooLarge(maxBytes: Int)
    case tooManyRedirects(limit: Int)
    case certificate(host: String, reason: String)
    case unreachable(host: String, reason: String)
    /// The connection was cut, or what came over it is not HTTP.
    case interrupted(host: String, reason: String)
    case cancelled
    /// The client has been shut down.
    case closed
    /// The machine has no thread or descriptor left.
    case exhausted(reason: String)
}

extension HTTPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let reason): "The request cannot be sent: \(reason)."
        case .refused(let reason): "The request is not allowed: \(reason)."
        case .tooManyTransfers(let limit): "There are \(limit) HTTP transfers already; try again when one has ended."
        case .timedOut(let phase, let milliseconds): "The server did not answer in time: \(milliseconds) ms \(phase)."
        case .headTooLarge(let maxBytes): "The server's header fields are longer than \(maxBytes) bytes."
        case .bodyTooLarge(let maxBytes): "The server's answer is longer than \(maxBytes) bytes."
        case .tooManyRedirects(let limit): "The server redirects more than \(limit) times."
        case .certificate(let host, let reason): "The TLS certificate of \(host) was refused: \(reason)."
        case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)."
        case .interrupted(let host, let reason): "The answer of \(host) broke off: \(reason)."
        case .cancelled: "The transfer was cancelled."
        case .closed: "The host is shutting down."
        case .exhausted(let reason): "This machine cannot open another transfer: \(reason)."
        }
    }
}
