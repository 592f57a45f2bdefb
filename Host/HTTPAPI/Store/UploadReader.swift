import Core
import Foundation
import Hummingbird
import NIOCore

/// Brings an uploaded package to the disk, within its limit, without holding it in memory.
struct UploadReader: Sendable {
    let folder: String
    let maxBytes: Int
    let bodies: BodyReader

    /// The path of a file that is the caller's to remove.
    func read(_ request: Request, _ context: APIContext) async throws -> String {
        if let text = request.headers[.contentLength], let length = Int(text), length > maxBytes { throw tooLarge }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(context.requestID).upload"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            var count = 0
            try await bodies.forEachPart(of: request, context) { part in
                count += part.readableBytes
                guard count <= maxBytes else { throw tooLarge }
                try file.write(contentsOf: Data(part.readableBytesView))
            }
            guard count > 0 else {
                throw Failure(
                    .invalid,
                    code: "upload_empty",
                    message: "The upload holds nothing.",
                    hint: "Send the package's bytes as the body, as application/octet-stream."
                )
            }
            return path
        } catch {
            unlink(path)
            guard !(error is Failure), !(error is CancellationError) else { throw error }
            throw (error as NSError).domain == NSCocoaErrorDomain ? unwritable(ENOSPC) : error
        }
    }

    private var tooLarge: Failure {
        Failure(
            .tooLarge,
            code: "upload_too_large",
            message: "The upload has more than \(maxBytes) bytes.",
            hint: "A package may have as many and no more."
        )
    }

    private func unwritable(_ number: Int32) -> Failure {
        Failure(
            .internal,
            code: "upload_unwritable",
            message: "The upload cannot be stored: \(String(cString: strerror(number))).",
            hint: "Check the free space and the permissions of \(folder)."
        )
    }
}
