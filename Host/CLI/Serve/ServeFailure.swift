import Core
import Foundation
import NIOCore

/// Why the server did not start, in words that help.
enum ServeFailure {
    static func explain(_ error: any Error, address: String, port: Int) -> any Error {
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return CommandFailure(
                .usage,
                "\(address) is no address and no known name.",
                hint: "Such as 127.0.0.1 or ::1."
            )
        }
        guard let error = error as? IOError else { return error }
        switch error.errnoCode {
        case EADDRINUSE:
            return CommandFailure(
                .conflict,
                "\(address):\(port) is in use by another process.",
                hint: "Stop it, or choose another port: prax-host serve --port \(port &+ 1)"
            )
        case EACCES:
            return CommandFailure(
                .refused,
                "This user may not listen on \(address):\(port).",
                hint: "Ports below 1024 are for root; choose a higher one with --port."
            )
        case EADDRNOTAVAIL:
            return CommandFailure(.usage, "\(address) is not an address of this machine.", hint: "See `ip address`.")
        default: return CommandFailure(.internalError, "\(address):\(port) cannot be opened: \(error).")
        }
    }
}
