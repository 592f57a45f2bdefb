/// Why the host's memory of its plugins cannot be read or written.
package enum StateError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String, reason: String)
    case malformed(path: String, reason: String)

    package var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "\(path) cannot be written: \(reason); check that the folder is this user's and the disk is not full"
        case .cannotRead(let path, let reason):
            "\(path) cannot be read: \(reason); check that it is this user's file"
        case .malformed(let path, let reason):
            "\(path) is damaged: \(reason); look at it, then delete it"
        }
    }
}
