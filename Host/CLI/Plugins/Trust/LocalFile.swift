import Core
import Foundation
import Registry

/// Small files that a command names.
enum LocalFile {
    static func read(_ path: String, maxBytes: Int) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.notFound, "\(path) cannot be read.", hint: "Check the path and its permissions.")
        }
        let bytes = try handle.read(upToCount: maxBytes + 1) ?? Data()
        guard bytes.count <= maxBytes else {
            throw CommandFailure(.usage, "\(path) has more than \(maxBytes) bytes; this is not the file meant.")
        }
        return [UInt8](bytes)
    }

    /// A key as it stands there, or the one in the file of that name.
    static func publicKey(_ text: String) throws -> PublicKey {
        if let key = PublicKey(text: text) { return key }
        guard let key = PublicKey(text: String(decoding: try read(text, maxBytes: 4096), as: UTF8.self)) else {
            throw CommandFailure(
                .usage,
                "\(text) holds no public key.",
                hint: "Expected the base64 of 32 bytes on one line; lines with # are comments."
            )
        }
        return key
    }
}
