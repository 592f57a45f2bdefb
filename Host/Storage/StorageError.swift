/// Why a database of the installation cannot be used.
package enum StorageError: Error, Sendable, Equatable {
    case missing(path: String)
    case newerDatabase(path: String, found: Int, supported: Int)
    case cannotCreate(path: String, reason: String)
    case cannotOpen(path: String, reason: String)
    case badRow(table: String, id: String, column: String)
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path):
            "there is no database at \(path); start the host once, or check --root"
        case .newerDatabase(let path, let found, let supported):
            "\(path) has schema \(found) and this host knows up to \(supported): a newer prax-host made it; "
                + "start that version, or restore a backup from before the upgrade"
        case .cannotCreate(let path, let reason):
            "cannot create \(path): \(reason); check that the folder is writable and the disk is not full"
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .badRow(let table, let id, let column):
            "row \(id) of table \(table) has an unknown value in column \(column); restore a backup or delete the row"
        }
    }
}
