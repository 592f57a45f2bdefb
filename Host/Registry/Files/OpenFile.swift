import Core
import Glibc

/// An open file or folder, closed when the last reference goes.
package final class OpenFile: Sendable {
    package let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens what is there, unless told otherwise never through a symbolic link as the last component.
    static func reading(_ path: String, followsLinks: Bool = false) throws -> OpenFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            let number = errno
            throw RegistryError(
                number == ENOENT ? .notFound : .internalError,
                number == ENOENT ? "no_such_file" : "unreadable",
                "\(path) cannot be opened: \(number == ELOOP ? "it is a symbolic link" : systemErrorText(number)).",
                hint: "Check the path and its permissions."
            )
        }
        let file = OpenFile(descriptor: descriptor)
        guard try file.status().isRegular else {
            throw RegistryError(.usage, "not_a_file", "\(path) is not a regular file.", hint: "Name a package file.")
        }
        return file
    }

    func status() throws -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw RegistryError.system("fstat", number: errno) }
        return FileStatus(status)
    }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, offset + filled)
                if part < 0 && errno == EINTR { continue }
                guard part >= 0 else { throw RegistryError.system("A file cannot be read", number: errno) }
                guard part > 0 else { return }
                filled += part
            }
        }
    }

    /// The whole file, refused when it is longer than `maxBytes`.
    func readAll(maxBytes: Int) throws -> [UInt8] {
        let size = try status().size
        guard size <= maxBytes else {
            throw RegistryError(
                .verificationFailed,
                "file_too_large",
                "A file has \(size) bytes, at most \(maxBytes) are read."
            )
        }
        return try read(at: 0, count: size)
    }

    /// Whether these bytes are all of the file; compared in pieces, so that megabytes need no room.
    func holds(_ bytes: [UInt8]) throws -> Bool {
        guard try status().size == bytes.count else { return false }
        var offset = 0
        while offset < bytes.count {
            let piece = try read(at: offset, count: min(64 << 10, bytes.count - offset))
            let isSame = bytes.withUnsafeBytes { bytes in
                piece.withUnsafeBytes { piece in
                    guard let left = piece.baseAddress, let right = bytes.baseAddress else { return false }
                    return memcmp(left, right + offset, piece.count) == 0
                }
            }
            guard isSame, !piece.isEmpty else { return false }
            offset += piece.count
        }
        return true
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        CrashPoint.reached("write \(bytes.count) bytes")
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw RegistryError.system("A file cannot be written", number: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw RegistryError.system("fsync", number: errno) }
    }
}

/// What `fstat` says, in the words used here.
struct FileStatus: Hashable {
    let kind: mode_t
    let permissions: mode_t
    let size: Int

    init(_ status: stat) {
        kind = status.st_mode & S_IFMT
        permissions = status.st_mode & 0o7777
        size = Int(status.st_size)
    }

    var isRegular: Bool { kind == S_IFREG }
    var isFolder: Bool { kind == S_IFDIR }
    var isLink: Bool { kind == S_IFLNK }
}

/// The system's words for an error number.
func systemErrorText(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
