import Core
import Glibc

/// An open folder: everything below it is named relative to its descriptor, so that nobody can swap a component of the
/// path for a symbolic link between a check and its use.
package final class Folder: Sendable {
    let file: OpenFile
    /// For messages, and for those who must pass a path on.
    package let path: String

    private init(file: OpenFile, path: String) {
        self.file = file
        self.path = path
    }

    private var descriptor: Int32 { file.descriptor }

    package static func open(_ path: String) throws -> Folder {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RegistryError.system("The folder \(path) cannot be opened", number: errno) }
        return Folder(file: OpenFile(descriptor: descriptor), path: path)
    }

    static func openIfPresent(_ path: String) throws -> Folder? {
        var status = stat()
        if stat(path, &status) != 0 && errno == ENOENT { return nil }
        return try open(path)
    }

    /// Opens `path`, making it and what is missing above it.
    package static func make(_ path: String) throws -> Folder {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            made += "/" + component
            if mkdir(made, 0o755) != 0 && errno != EEXIST && errno != EROFS {
                throw RegistryError.system("The folder \(made) cannot be made", number: errno)
            }
        }
        return try open(path)
    }

    /// A folder directly below; symbolic links are refused.
    func folder(_ name: String) throws -> Folder {
        let child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else {
            throw RegistryError.system("The folder \(path)/\(name) cannot be opened", number: errno)
        }
        return Folder(file: OpenFile(descriptor: child), path: path + "/" + name)
    }

    func makeFolder(_ name: String, mode: mode_t = 0o755) throws -> Folder {
        CrashPoint.reached("make folder \(path)/\(name)")
        guard mkdirat(descriptor, name, mode) == 0 || errno == EEXIST else {
            throw RegistryError.system("The folder \(path)/\(name) cannot be made", number: errno)
        }
        return try folder(name)
    }

    /// A new file: an existing name of any kind is an error.
    func createFile(_ name: String, mode: mode_t) throws -> OpenFile {
        CrashPoint.reached("make file \(path)/\(name)")
        let child = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard child >= 0 else { throw RegistryError.system("The file \(path)/\(name) cannot be made", number: errno) }
        return OpenFile(descriptor: child)
    }

    /// An existing regular file, not a link to one.
    func openFile(_ name: String) throws -> OpenFile {
        let child = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard child >= 0 else { throw RegistryError.system("The file \(path)/\(name) cannot be opened", number: errno) }
        let file = OpenFile(descriptor: child)
        guard try file.status().isRegular else {
            throw RegistryError(.internalError, "not_a_file", "\(path)/\(name) is not a regular file.")
        }
        return file
    }

    /// What `name` is, without following it; nil when it does not exist.
    func status(_ name: String) throws -> FileStatus? {
        var status = stat()
        if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        guard errno == ENOENT else { throw RegistryError.system("\(path)/\(name)", number: errno) }
        return nil
    }

    /// The names below, sorted, without `.` and `..`.
    func names() throws -> [String] {
        let fresh = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard fresh >= 0, let stream = fdopendir(fresh) else {
            throw RegistryError.system("The folder \(path) cannot be listed", number: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else {
                    throw RegistryError.system("The folder \(path) cannot be listed", number: errno)
                }
                break
            }
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let bytes = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let name = String(cString: bytes)
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func setMode(_ mode: mode_t) throws {
        CrashPoint.reached("chmod \(path)")
        guard fchmod(descriptor, mode) == 0 else { throw RegistryError.system("chmod of \(path)", number: errno) }
    }

    func synchronize() throws {
        CrashPoint.reached("force \(path) to disk")
        try file.synchronize()
    }
}

extension Folder {
    /// Moves `name` to `newName` in `target`, replacing what is there.
    func rename(_ name: String, to target: Folder, as newName: String) throws {
        CrashPoint.reached("rename \(path)/\(name) to \(target.path)/\(newName)")
        guard renameat(descriptor, name, target.descriptor, newName) == 0 else {
            throw RegistryError.system("\(path)/\(name) cannot become \(target.path)/\(newName)", number: errno)
        }
    }

    /// Writes a file so that readers see the old bytes or the new ones, and a power cut leaves one of the two.
    func replaceFile(_ name: String, with bytes: [UInt8], mode: mode_t = 0o644) throws {
        try replaceFiles([(name, bytes)], mode: mode)
    }

    /// The same for each of several files; all are on disk before the first one is replaced.
    func replaceFiles(_ files: [(name: String, bytes: [UInt8])], mode: mode_t = 0o644) throws {
        guard !files.isEmpty else { return }
        do {
            let written = try files.map { name, bytes in
                try removeIfPresent(Self.temporary(name))
                let file = try createFile(Self.temporary(name), mode: mode)
                try file.write(bytes)
                return file
            }
            for file in written { try file.synchronize() }
            for (name, _) in files { try rename(Self.temporary(name), to: self, as: name) }
        } catch {
            // The disk may be full, and needs the room.
            for (name, _) in files { _ = try? removeIfPresent(Self.temporary(name)) }
            throw error
        }
        try synchronize()
    }

    private static func temporary(_ name: String) -> String { ".\(name).new" }

    /// Points the link `name` at `target` in one step.
    func replaceLink(_ name: String, to target: String) throws {
        let temporary = ".\(name).new"
        try removeIfPresent(temporary)
        CrashPoint.reached("link \(path)/\(temporary)")
        guard symlinkat(target, descriptor, temporary) == 0 else {
            throw RegistryError.system("The link \(path)/\(name) cannot be made", number: errno)
        }
        try rename(temporary, to: self, as: name)
        try synchronize()
    }

    /// Where the link `name` points; nil when it is not there or is no link.
    func linkTarget(_ name: String) -> String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return }
                count = max(0, readlinkat(descriptor, name, start, text.count))
            }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Removes a file or link; whether it was there.
    @discardableResult
    func removeIfPresent(_ name: String) throws -> Bool {
        CrashPoint.reached("remove \(path)/\(name)")
        if unlinkat(descriptor, name, 0) == 0 { return true }
        guard errno == ENOENT else { throw RegistryError.system("\(path)/\(name) cannot be removed", number: errno) }
        return false
    }

    /// Removes `name` and everything below it, without following links.
    func removeTree(_ name: String) throws {
        guard let status = try status(name) else { return }
        guard status.isFolder else {
            try removeIfPresent(name)
            return
        }
        let child = try folder(name)
        // Installed folders are read-only.
        try child.setMode(0o700)
        for below in try child.names() { try child.removeTree(below) }
        CrashPoint.reached("remove folder \(path)/\(name)")
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else {
            throw RegistryError.system("\(path)/\(name) cannot be removed", number: errno)
        }
    }

    /// Removes the empty folder `name`; one with something in it stays.
    func removeIfEmpty(_ name: String) { _ = unlinkat(descriptor, name, AT_REMOVEDIR) }
}
