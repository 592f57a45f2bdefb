import Glibc

/// Runs blocking work on a thread of its own, so that the cooperative pool keeps its few threads for async code.
package enum DedicatedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    package static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let work = Work { continuation.resume(with: Result(catching: body)) }
            do throws(NoThread) {
                pthread_detach(try start(work))
            } catch {
                let reason = "no thread: \(errorText(error.status))"
                continuation.resume(throwing: DownloadError.unwritable(reason: reason))
            }
        }
    }

    /// Starts a thread that the caller joins or detaches.
    static func start(_ body: @escaping @Sendable () -> Void) throws(NoThread) -> pthread_t {
        try start(Work(body: body))
    }

    private static func start(_ work: Work) throws(NoThread) -> pthread_t {
        let context = Unmanaged.passRetained(work)
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, startThread, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw NoThread(status: status)
        }
        return thread
    }

    struct NoThread: Error {
        let status: Int32
    }

    private static let startThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}

/// The system's words for an error number.
func errorText(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
