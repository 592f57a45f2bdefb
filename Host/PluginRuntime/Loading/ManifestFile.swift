import Glibc

/// The bytes of a skill.yaml, read within bounds: whoever puts a plugin's folder there may have put anything there.
enum ManifestFile {
    /// A skill.yaml larger than this is refused.
    static let maxBytes = 1 << 20

    /// Throws ``Refusal`` `missingFile` when there is none, `manifest` when it is no regular file of at most
    /// ``maxBytes``.
    static func read(_ path: String) throws(Refusal) -> [UInt8] {
        // A FIFO would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Refusal(
                .missingFile,
                "\(path) cannot be read: \(String(cString: strerror(errno)))",
                fix: "A plugin is a folder with skill.yaml and its library; name that folder."
            )
        }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, 0...maxBytes ~= Int(info.st_size) else {
            throw unusable(path)
        }
        // What it grows by meanwhile is the next look's affair.
        var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { bytes in
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
                return Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw unusable(path) }
            if got == 0 { break }
            count += got
        }
        return Array(bytes[..<count])
    }

    private static func unusable(_ path: String) -> Refusal {
        Refusal(
            .manifest,
            "\(path) is not a regular file of at most \(maxBytes) bytes",
            fix: "Make it a plain text file that describes the plugin."
        )
    }
}
