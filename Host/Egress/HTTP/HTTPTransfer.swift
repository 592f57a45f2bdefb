import Synchronization

/// A transfer under way, for whoever started it: any thread may use it, also after its end.
package final class HTTPTransfer: Sendable {
    private struct Wish {
        var isCancelled = false
        var isPaused = false
        /// Whether the loop has yet to look at this wish.
        var isSent = false
    }

    let id: UInt64
    private let loop: TransferLoop
    private let wish = Mutex(Wish())

    init(id: UInt64, loop: TransferLoop) {
        self.id = id
        self.loop = loop
    }

    /// The end still comes, once.
    package func cancel() { change { $0.isCancelled = true } }

    /// Stops reading from upstream; what libcurl has in its buffer, at most 16 KiB, is handed out after ``resume()``.
    ///
    /// Inside the handler's `body` this is the last piece until then; from elsewhere one more may be on its way.
    package func pause() { change { $0.isPaused = true } }
    package func resume() { change { $0.isPaused = false } }

    var isCancelled: Bool { wish.withLock { $0.isCancelled } }
    var isPaused: Bool { wish.withLock { $0.isPaused } }

    /// What is wished for; later changes are sent to the loop anew.
    func takeWish() -> (isCancelled: Bool, isPaused: Bool) {
        wish.withLock { wish in
            wish.isSent = false
            return (wish.isCancelled, wish.isPaused)
        }
    }

    private func change(_ body: (inout Wish) -> Void) {
        let mustSend = wish.withLock { wish in
            body(&wish)
            defer { wish.isSent = true }
            return !wish.isSent
        }
        if mustSend { loop.notice(self) }
    }
}
