import Glibc
import Synchronization

/// The zones in a folder of compiled time zones.
///
/// A zone once read is kept.
final class ZoneDatabase: Sendable {
    static let standardFolder = "/usr/share/zoneinfo"

    /// The largest file read; real ones have less than 4 kB.
    private static let maxFileBytes = 262_144
    /// The longest name looked up; the database's longest has 32 characters.
    private static let maxNameBytes = 64
    /// Sets with leap seconds, copies, and this machine's own choice: not names of zones.
    private static let excluded: Set<String> = ["posix", "right", "localtime", "posixrules", "Factory"]

    private let folder: String
    private let zones = Mutex<[String: Zone]>([:])

    init(folder: String = standardFolder) { self.folder = folder }

    /// Whether the folder is there at all.
    var isPresent: Bool { access(folder, R_OK) == 0 }

    /// The zone of that name in any case of letters; nil when there is none.
    func zone(named name: String) -> Zone? {
        guard Self.isWellFormed(name) else { return nil }
        if name.uppercased() == "UTC" { return .utc }
        if let known = zones.withLock({ $0[name] }) { return known }
        guard let found = load(name) ?? spelling(of: name).flatMap(load) else { return nil }
        zones.withLock { $0[found.name] = found }
        return found
    }

    /// Letters, digits, `_ + -` in parts separated by one slash: no dot, so no way out of the folder.
    private static func isWellFormed(_ name: String) -> Bool {
        guard name.utf8.count <= maxNameBytes else { return false }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                    }
                }
        } && !parts.contains { excluded.contains(String($0)) }
    }

    private func load(_ name: String) -> Zone? {
        guard let bytes = Self.contents(of: folder + "/" + name) else { return nil }
        return ZoneFile(bytes).map { Zone(name: name, file: $0) }
    }

    /// The database's spelling of a name written in other case.
    private func spelling(of name: String) -> String? {
        var path = ""
        for part in name.split(separator: "/") {
            let wanted = part.lowercased()
            guard let entry = Self.entries(of: folder + path).first(where: { $0.lowercased() == wanted }),
                !Self.excluded.contains(entry)
            else { return nil }
            path += "/" + entry
        }
        return String(path.dropFirst())
    }

    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names.sorted()
    }

    private static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let size = Int(exactly: status.st_size), size <= maxFileBytes
        else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, size))
        }
        return bytes.count == size ? bytes : nil
    }
}
