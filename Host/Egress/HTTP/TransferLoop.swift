import CCurl
import Glibc
import Synchronization

/// A transfer on its way to the thread that will run it.
struct Opening: Sendable {
    let transfer: HTTPTransfer
    let request: HTTPRequest
    let policy: HTTPPolicy
    let handler: any HTTPHandler
}

/// One thread that runs any number of transfers, and the letter box in which the other threads leave their wishes.
final class TransferLoop: Sendable {
    struct Mail {
        var openings: [Opening] = []
        var changed: [HTTPTransfer] = []
        var mustStop = false

        var isEmpty: Bool { openings.isEmpty && changed.isEmpty && !mustStop }
    }

    private struct State {
        var mail = Mail()
        var isStopped = false
        var thread: pthread_t?
    }

    let poll: Int32
    /// Rings when there is mail.
    let bell: Int32
    private let state = Mutex(State())

    /// Starts the thread, which ends after ``stop()`` alone.
    init(_ settings: PumpSettings) throws(HTTPError) {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: bell))
        guard CurlLibrary.isReady, epoll_ctl(poll, EPOLL_CTL_ADD, bell, &event) == 0 else {
            throw .exhausted(reason: "no descriptors for a loop: \(errorText(errno))")
        }
        do throws(DedicatedThread.NoThread) {
            let thread = try DedicatedThread.start { [self] in
                guard let pump = TransferPump(self, settings) else { return turnAway(settings.counts) }
                pump.run()
            }
            state.withLock { $0.thread = thread }
        } catch {
            throw .exhausted(reason: "no thread: \(errorText(error.status))")
        }
    }

    deinit {
        close(poll)
        close(bell)
    }

    /// Returns false when the loop has stopped: no event will come.
    func open(_ opening: Opening) -> Bool { leave { $0.openings.append(opening) } }

    func notice(_ transfer: HTTPTransfer) { _ = leave { $0.changed.append(transfer) } }

    /// Ends every transfer; new ones are turned away from now on.
    func stop() { _ = leave { $0.mustStop = true } }

    /// Waits for the thread after ``stop()``, when it is not waited for already; not from a handler.
    func join() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    /// Lets the thread end by itself, where nobody will wait for it.
    func detach() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        if let thread { pthread_detach(thread) }
    }

    /// There is no memory for a pump.
    private func turnAway(_ counts: TransferCounts) {
        stop()
        for opening in collect().openings {
            counts.leave(opening.policy.owner)
            opening.handler.end(.closed)
        }
    }

    private func leave(_ body: (inout Mail) -> Void) -> Bool {
        let (isTaken, mustRing) = state.withLock { state in
            guard !state.isStopped, !state.mail.mustStop else { return (false, false) }
            defer { body(&state.mail) }
            return (true, state.mail.isEmpty)
        }
        if mustRing { eventfd_write(bell, 1) }
        return isTaken
    }

    /// Empties the letter box; for the loop's own thread.
    func collect() -> Mail {
        // Before the box is opened: what is left in it later rings again.
        var count: eventfd_t = 0
        eventfd_read(bell, &count)
        return state.withLock { state in
            let mail = state.mail
            state.mail = Mail()
            if mail.mustStop { state.isStopped = true }
            return mail
        }
    }
}
