import Core
import Foundation
import Gateway
import HTTPAPI

/// Who makes a change, as the audit log names them.
struct Journalist: Sendable {
    let principal: String
    var keyID: String?
    /// The request that asked for it; its first event bears this id.
    var requestID: String?
    var clientAddress: String?

    /// Somebody with a shell on this machine.
    static var commandLine: Journalist { Journalist(principal: "cli:\(NSUserName())") }

    private init(principal: String) { self.principal = principal }

    init(_ caller: StoreCaller) {
        principal = caller.principal.name
        keyID = caller.principal.keyID
        requestID = caller.origin.requestID
        clientAddress = caller.origin.clientAddress
    }
}
