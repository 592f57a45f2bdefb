package import Core

/// Why a download did not happen.
///
/// `place` is the host, or the path of a `file:` URL: never a query with a token in it.
package enum DownloadError: Error, Hashable, Sendable {
    case malformedURL
    case schemeRefused(scheme: String)
    case plainHTTPRefused(place: String)
    case redirectRefused(place: String, target: String, reason: String)
    case tooManyRedirects(place: String, limit: Int)
    case tooLarge(place: String, maxBytes: Int)
    case timedOut(place: String, phase: String)
    case status(place: String, code: Int)
    case certificate(place: String, reason: String)
    case unreachable(place: String, reason: String)
    case unreadableFile(path: String, reason: String)
    case unwritable(reason: String)
}

extension DownloadError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedURL: "The address is not a URL."
        case .schemeRefused(let scheme): "Downloads use https:, http: or file:, not \(scheme):."
        case .plainHTTPRefused(let place): "Plain http to \(place) is not allowed."
        case .redirectRefused(let place, let target, let reason):
            "\(place) redirects to \(target), which is refused: \(reason)."
        case .tooManyRedirects(let place, let limit): "\(place) redirects more than \(limit) times."
        case .tooLarge(let place, let maxBytes): "\(place) sends more than the \(maxBytes) bytes expected."
        case .timedOut(let place, let phase): "\(place) did not answer in time: \(phase)."
        case .status(let place, let code): "\(place) answered HTTP \(code)."
        case .certificate(let place, let reason): "The TLS certificate of \(place) was refused: \(reason)."
        case .unreachable(let place, let reason): "\(place) cannot be reached: \(reason)."
        case .unreadableFile(let path, let reason): "\(path) cannot be read: \(reason)."
        case .unwritable(let reason): "The download cannot be stored: \(reason)."
        }
    }

    /// What the reader can do about it.
    package var hint: String {
        switch self {
        case .malformedURL, .schemeRefused: "Give a full address such as https://skills.example.org/skills.json."
        case .plainHTTPRefused: "Use https, or set `store: { allow_http: true }` in config/praximous.yaml."
        case .redirectRefused, .tooManyRedirects: "Use the final address, or ask the store's operator."
        case .tooLarge: "The server or something between is not serving the store's files; check the address."
        case .timedOut: "Try again; behind a proxy set https_proxy."
        case .status(_, let code):
            switch code {
            case 401, 403, 407: "The server or a proxy asks for credentials."
            case 404, 410: "Check the address of the index."
            case 429, 500...: "The server has trouble; try again later."
            default: "Check the address."
            }
        case .certificate: "Set SSL_CERT_FILE to the authority's PEM file if the store uses its own."
        case .unreachable: "Check the name, the network and https_proxy; offline, use a folder: --index /path/to/store."
        case .unreadableFile: "Check the path and its permissions."
        case .unwritable: "Check the free space and the permissions of the plugins folder."
        }
    }

    /// A body past its cap is a server that lies about what it serves; the rest is the network.
    package var exitCode: ExitCode {
        switch self {
        case .tooLarge: .verificationFailed
        case .malformedURL, .schemeRefused: .usage
        default: .network
        }
    }
}
