/// Why a WebSocket is closed: RFC 6455, 7.4.1, and the protocol's own numbers (PROTOCOL.md).
enum CloseCode: UInt16, Sendable, CaseIterable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidText = 1007
    case serviceRestart = 1012
    case badMessage = 4400
    case unauthorised = 4401
    case forbidden = 4403
    case subprotocol = 4406
    case timeout = 4408
    case duplicate = 4409
    case tooBig = 4413
    case tooMany = 4429
    case serverError = 4500

    /// Whether a peer may say this number: those in use, but not the ones that only stand for something (1005, 1006,
    /// 1015), those of libraries and those of applications.
    static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
