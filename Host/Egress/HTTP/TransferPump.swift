import CCurl
import Glibc

/// What a loop is told when it is made.
struct PumpSettings: Sendable {
    let authorityFile: String?
    let proxies: ProxySettings
    let counts: TransferCounts
    /// Connections kept for the next request.
    let maxIdleConnections: Int
}

/// What a loop's thread does: libcurl tells which sockets and when, epoll tells that it is time.
///
/// Everything in here is touched by that thread alone.
final class TransferPump {
    /// libcurl has no limit for one round, but the timers and the letter box shall have their turn.
    private static let maxEventsPerRound: Int32 = 256
    /// Limits are kept to this exactness, so that thousands of transfers do not each wake the thread.
    private static let sweepGapNanoseconds: UInt64 = 5_000_000
    /// How long a look-up that libcurl has given up may go on in its thread: three servers, asked twice for 5 s each.
    private static let lookupTailNanoseconds: UInt64 = 30_000_000_000

    private let loop: TransferLoop
    private let settings: PumpSettings
    private let multi: UnsafeMutableRawPointer
    private let handles = HandlePool()
    private let sockets: WatchedSockets
    private var transfers: [UInt64: OpenTransfer] = [:]
    /// By libcurl's handle; holds also those that have ended while their name is still being looked up.
    private var running: [UnsafeMutableRawPointer: OpenTransfer] = [:]
    private var slots = ResolverSlots()
    private var slotHolders: [UInt64: OpenTransfer] = [:]
    private var lateSlots: [(due: UInt64, owner: String)] = []
    private var events = [epoll_event](repeating: epoll_event(), count: Int(maxEventsPerRound))
    private var curlDue = UInt64.max
    private var sweepDue = UInt64.max

    init?(_ loop: TransferLoop, _ settings: PumpSettings) {
        guard let multi = curl_multi_init() else { return nil }
        self.loop = loop
        self.settings = settings
        self.multi = multi
        sockets = WatchedSockets(poll: loop.poll)
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard prax_curl_multi_set_socket(multi, Self.watchSocket, context) == CURLM_OK,
            prax_curl_multi_set_timer(multi, Self.setTimer, context) == CURLM_OK,
            // A connection for each transfer: on a shared one a paused transfer holds the others up.
            prax_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING)) == CURLM_OK,
            prax_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.maxIdleConnections) == CURLM_OK
        else { return nil }
    }

    deinit { curl_multi_cleanup(multi) }

    func run() {
        // A write to a closed connection is an error and not the end of the process.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            wait()
            let mail = loop.collect()
            for opening in mail.openings { open(opening) }
            for transfer in mail.changed { apply(transfer) }
            if mail.mustStop { break }
            sweep()
            collectEnded()
            beginAdmitted()
        }
        endAll()
    }

    private func wait() {
        let count = epoll_wait(loop.poll, &events, Self.maxEventsPerRound, waitMilliseconds())
        var stillRunning: Int32 = 0
        for event in events.prefix(Int(max(0, count))) where event.data.fd != loop.bell {
            guard sockets.isWanted(event.data.fd) else { continue }
            var mask: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
            curl_multi_socket_action(multi, event.data.fd, mask, &stillRunning)
        }
        if curlDue <= TransferClock.now() {
            curlDue = .max
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &stillRunning)
        }
        collectEnded()
    }

    private func waitMilliseconds() -> Int32 {
        let due = min(curlDue, sweepDue)
        guard due < .max else { return -1 }
        let now = TransferClock.now()
        return due <= now ? 0 : Int32(min((due - now + 999_999) / 1_000_000, 60_000))
    }
}

// MARK: - The life of a transfer

extension TransferPump {
    private func open(_ opening: Opening) {
        let transfer = OpenTransfer(opening)
        transfers[transfer.id] = transfer
        sweepDue = min(sweepDue, transfer.clock.due)
        slots.queue(transfer.id, of: opening.policy.owner)
    }

    private func apply(_ changed: HTTPTransfer) {
        let wish = changed.takeWish()
        guard let transfer = transfers[changed.id] else { return }
        if wish.isCancelled {
            finish(transfer, with: .cancelled)
        } else if wish.isPaused {
            transfer.clock.pause()
        } else {
            transfer.clock.resume(at: TransferClock.now())
            sweepDue = min(sweepDue, transfer.clock.due)
            transfer.continueReading()
        }
    }

    private func beginAdmitted() {
        // What cannot begin frees its slot at once, so there may be more.
        while true {
            let admitted = slots.admit()
            if admitted.isEmpty { return }
            for id in admitted {
                guard let transfer = transfers[id] else { continue }
                slotHolders[id] = transfer
                begin(transfer)
            }
        }
    }

    private func begin(_ transfer: OpenTransfer) {
        do throws(HTTPError) {
            let handle = try transfer.makeHandle(settings, handles, sockets)
            running[handle] = transfer
            guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
                transfer.isResolved = true
                throw .exhausted(reason: "libcurl did not take the transfer")
            }
        } catch {
            finish(transfer, with: error)
        }
    }

    /// Gives back the slots of the transfers that need none any more.
    private func freeSlots() {
        for transfer in slotHolders.values where transfer.isResolved { freeSlot(of: transfer) }
    }

    private func freeSlot(of transfer: OpenTransfer) {
        guard slotHolders.removeValue(forKey: transfer.id) != nil else { return }
        slots.release(transfer.policy.owner)
    }

    /// libcurl gave up waiting, but the thread that looks the name up goes on.
    private func freeSlotLater(of transfer: OpenTransfer) {
        guard slotHolders.removeValue(forKey: transfer.id) != nil else { return }
        let due = TransferClock.now() + Self.lookupTailNanoseconds
        lateSlots.append((due, transfer.policy.owner))
        sweepDue = min(sweepDue, due)
    }

    private func finish(_ transfer: OpenTransfer, with error: HTTPError?) {
        guard transfers.removeValue(forKey: transfer.id) != nil else { return }
        slots.withdraw(transfer.id)
        // A look-up cannot be broken off: its thread and so its slot stay taken until it is over.
        if transfer.handle == nil || transfer.isResolved { discard(transfer) }
        settings.counts.leave(transfer.policy.owner)
        transfer.end(with: error)
    }

    private func discard(_ transfer: OpenTransfer) {
        if let handle = transfer.handle {
            running[handle] = nil
            curl_multi_remove_handle(multi, handle)
            transfer.dropHandle()
            handles.give(handle)
        }
        freeSlot(of: transfer)
    }

    private func collectEnded() {
        freeSlots()
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = running[handle]
            else { continue }
            let code = message.pointee.data.result
            if code == CURLE_OPERATION_TIMEDOUT, !transfer.isResolved { freeSlotLater(of: transfer) }
            discard(transfer)
            if transfers[transfer.id] != nil { conclude(transfer, code) }
        }
    }

    private func conclude(_ transfer: OpenTransfer, _ code: CURLcode) {
        do throws(HTTPError) {
            guard try transfer.follow(after: code) else { return finish(transfer, with: nil) }
            slots.queue(transfer.id, of: transfer.policy.owner)
        } catch {
            finish(transfer, with: error)
        }
    }

    /// Ends what has run out of time and finds out when to look again.
    private func sweep() {
        let now = TransferClock.now()
        guard sweepDue <= now else { return }
        var next = UInt64.max
        for transfer in transfers.values {
            if let error = transfer.clock.error(at: now) {
                finish(transfer, with: error)
            } else {
                next = min(next, transfer.clock.due)
            }
        }
        for slot in lateSlots where slot.due <= now { slots.release(slot.owner) }
        lateSlots.removeAll { $0.due <= now }
        for slot in lateSlots { next = min(next, slot.due) }
        sweepDue = next == .max ? .max : max(next, now + Self.sweepGapNanoseconds)
    }

    private func endAll() {
        for transfer in transfers.values { finish(transfer, with: .closed) }
        for transfer in running.values { discard(transfer) }
    }
}

// MARK: - What libcurl asks for

extension TransferPump {
    private static func of(_ context: UnsafeMutableRawPointer?) -> TransferPump? {
        context.map { Unmanaged<TransferPump>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let setTimer: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Int32 = {
        _,
        milliseconds,
        context in
        let now = TransferClock.now()
        of(context)?.curlDue = milliseconds < 0 ? .max : now + UInt64(milliseconds) * 1_000_000
        return 0
    }

    private static let watchSocket:
        @convention(c) (
            UnsafeMutableRawPointer?, curl_socket_t, Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
        ) -> Int32 = { _, socket, what, context, _ in
            guard let pump = of(context) else { return 0 }
            var events: UInt32 = 0
            if what != CURL_POLL_REMOVE {
                if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
                if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
            }
            pump.sockets.want(events, of: socket)
            return 0
        }
}
