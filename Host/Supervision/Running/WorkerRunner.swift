import Core
package import PluginRuntime
import Synchronization
import Workers

/// Runs a plugin in worker processes, one after the other: starts the next one when a call needs it and the back-off
/// after the last fault is over.
package final class WorkerRunner: SkillRunner {
    private enum Phase {
        /// There has been no worker; the first call starts one.
        case unstarted
        /// The next call starts another worker.
        case idle
        case starting
        case serving(Worker)
        /// Until this moment no worker is started.
        case waiting(until: UInt64)
        case retired
    }

    private struct State {
        var phase: Phase
        var waiting = StartWaiters()
        var restarts = 0
        var isConcurrent = true
    }

    /// What a call is to do.
    private enum Step {
        case use(Worker)
        case start(isAgain: Bool)
        case await
        case fail(Failure)
        case gone
    }

    private let book: FaultBook
    private let plan: WorkerPlan
    private let runtime: WorkerRuntime
    private let events: FleetEvents
    private let state: Mutex<State>

    init(_ plan: WorkerPlan, book: FaultBook, runtime: WorkerRuntime, events: FleetEvents) {
        self.plan = plan
        self.book = book
        self.runtime = runtime
        self.events = events
        state = Mutex(State(phase: .unstarted))
    }

    /// Starts the first worker, unless the plugin is quarantined.
    ///
    /// Blocks. Throws ``Refusal`` when the plugin cannot be loaded.
    func startFirst() throws(Refusal) {
        guard book.quarantineFailure == nil else { return }
        state.withLock { $0.phase = .starting }
        do throws(WorkerStartFailure) {
            try started()
        } catch {
            state.withLock { $0.phase = .retired }
            throw refusal(error)
        }
    }

    /// Starts the first worker in its turn; calls wait for it meanwhile.
    ///
    /// `refused` hears when the plugin cannot be loaded at all; any other failure is a fault, and tried again.
    func startBeside(_ slots: StartSlots, refused: @escaping @Sendable (Refusal) -> Void) {
        state.withLock { $0.phase = .starting }
        let isStarted = DetachedThread.start(named: "prax-start") { [self] in
            slots.take()
            defer { slots.give() }
            do throws(WorkerStartFailure) {
                try started()
            } catch {
                guard case .refused(let refusal) = error else { return failed(error) }
                let waiting = state.withLock { state in
                    state.phase = .retired
                    return state.waiting.takeAll()
                }
                refused(refusal)
                let answer = Failure.pluginRefused(book.plugin, book.version, reason: refusal.message)
                for continuation in waiting { continuation.resume(returning: answer) }
            }
        }
        if !isStarted { failed(.noProcess("no thread can be started")) }
    }

    private func refusal(_ failure: WorkerStartFailure) -> Refusal {
        switch failure {
        case .refused(let refusal): return refusal
        case .noProcess(let reason):
            return Refusal(.crashed, "no worker process could be started: \(reason)", fix: "See prax-host doctor.")
        case .failed(let end):
            book.fault(.startFailed, lastWords: end.lastWords)
            let printed = end.lastWords.isEmpty ? "" : "; it printed: \(end.lastWords.prefix(200))"
            return Refusal(
                .crashed,
                "\(plan.libraryPath) was not ready within \(runtime.settings.startTimeout.components.seconds) s: its worker "
                    + (end.ending?.description ?? "did not end") + " while it was being loaded" + printed,
                fix: "Do no work in constructors, and keep create() under a second."
            )
        }
    }

    package func call(_ call: SkillCall) async -> CallOutcome? {
        let deadline = MonotonicClock.deadline(in: call.timeout)
        var call = call
        while true {
            switch next() {
            case .use(let worker):
                if let outcome = await worker.call(call) { return outcome }
                // It was told to go between the look and the call; by now there is another one, or none.
                await Task.yield()
            case .start(let isAgain):
                startInBackground(isAgain: isAgain)
                if let failure = await startEnd(until: deadline) { return .failure(failure) }
                call = call.left(until: deadline)
            case .await:
                if let failure = await startEnd(until: deadline) { return .failure(failure) }
                call = call.left(until: deadline)
            case .fail(let failure): return .failure(failure)
            case .gone: return nil
            }
        }
    }

    package var isConcurrent: Bool { state.withLock { $0.isConcurrent } }

    package func inlineCaller() -> InlineCaller? { nil }

    package func retire() {
        let worker = state.withLock { state -> Worker? in
            defer { state.phase = .retired }
            if case .serving(let worker) = state.phase { return worker }
            return nil
        }
        worker?.drain()
    }

    /// Ends its worker for good, also with calls under way after `limit`.
    func stop(within limit: Duration) {
        let worker = state.withLock { state -> Worker? in
            defer { state.phase = .retired }
            if case .serving(let worker) = state.phase { return worker }
            return nil
        }
        guard let worker else { return }
        worker.drain()
        guard !worker.waitForEnd(limit) else { return }
        worker.endNow()
        _ = worker.waitForEnd(.seconds(2))
    }

    private func next() -> Step {
        if let failure = book.quarantineFailure { return .fail(failure) }
        let now = MonotonicClock.now()
        return state.withLock { state in
            switch state.phase {
            case .serving(let worker): return .use(worker)
            case .starting: return .await
            case .retired: return .gone
            case .waiting(let until) where until > now:
                let milliseconds = Int((until - now) / 1_000_000) + 1
                return .fail(.pluginUnavailable(book.plugin, book.version, retryAfterMilliseconds: milliseconds))
            case .unstarted:
                state.phase = .starting
                return .start(isAgain: false)
            case .waiting, .idle:
                state.phase = .starting
                return .start(isAgain: true)
            }
        }
    }

    /// `isAgain` says that it is a restart, which is counted.
    private func startInBackground(isAgain: Bool) {
        let isStarted = DetachedThread.start(named: "prax-start") { [self] in
            do throws(WorkerStartFailure) {
                try started()
                guard isAgain else { return }
                state.withLock { $0.restarts += 1 }
                events.restarted(book.identity)
            } catch {
                failed(error)
            }
        }
        if !isStarted { failed(.noProcess("no thread can be started")) }
    }

    /// Starts a worker and lets the calls in.
    private func started() throws(WorkerStartFailure) {
        let birth = Birth()
        let listener = WorkerListener(
            ended: { [self] end in
                if let worker = birth.ended(end) { ended(worker, end) }
            },
            denied: { [events, book] denial in events.denial(book.identity, denial) },
            misbehaved: { [self] in misbehaved(birth.worker) }
        )
        let worker = try Worker.start(plan, in: runtime, listener: listener)
        let (isWanted, waiting) = state.withLock { state in
            guard case .starting = state.phase else { return (false, state.waiting.takeAll()) }
            state.phase = .serving(worker)
            state.isConcurrent = worker.isConcurrent
            return (true, state.waiting.takeAll())
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        if !isWanted { worker.drain() }
        if let end = birth.isKnown(worker) { ended(worker, end) }
    }

    private func failed(_ failure: WorkerStartFailure) {
        // Once retired, another runner serves the plugin: its callers look again, and nothing is held against it.
        let answer = isRetired ? nil : note(failure)
        let waiting = state.withLock { $0.waiting.takeAll() }
        for continuation in waiting { continuation.resume(returning: answer) }
    }

    private var isRetired: Bool {
        state.withLock { if case .retired = $0.phase { true } else { false } }
    }

    private func note(_ failure: WorkerStartFailure) -> Failure {
        let words =
            switch failure {
            case .refused(let refusal): refusal.message
            case .failed(let end): end.lastWords
            case .noProcess(let reason): reason
            }
        settle(after: book.fault(.startFailed, lastWords: words), nil)
        if let failure = book.quarantineFailure { return failure }
        // It may be mended while the host runs, such as by a library that was missing: tried again like any other.
        if case .refused(let refusal) = failure {
            return .pluginRefused(book.plugin, book.version, reason: refusal.message)
        }
        return FaultKind.startFailed.failure(book.identity)
    }

    /// A worker is gone.
    private func ended(_ worker: Worker, _ end: WorkerEnd) {
        guard let fault = end.fault else {
            return state.withLock { state in
                if case .serving(let current) = state.phase, current === worker { state.phase = .idle }
            }
        }
        if end.wasLeaving { return book.faultWhileLeaving(fault, lastWords: end.lastWords) }
        settle(after: book.fault(fault, lastWords: end.lastWords), worker)
    }

    /// Its calls go on; the next one gets a new worker.
    private func misbehaved(_ worker: Worker?) {
        guard let worker else { return }
        settle(after: book.fault(.misbehaved), worker)
        worker.drain()
    }

    private func settle(after action: RestartPolicy.Action, _ worker: Worker?) {
        let now = MonotonicClock.now()
        state.withLock { state in
            switch state.phase {
            case .retired: return
            case .serving(let current) where current !== worker: return
            case .starting where worker != nil: return
            default: break
            }
            switch action {
            case .restart(let milliseconds): state.phase = .waiting(until: now + UInt64(milliseconds) * 1_000_000)
            case .quarantine: state.phase = .idle
            }
        }
    }

    /// Waits for the end of the start under way, for as long as the call may take; why there is no worker, or nil to look
    /// again.
    private func startEnd(until deadline: UInt64) async -> Failure? {
        await withTaskGroup(of: Failure?.self) { group in
            group.addTask { [self] in await startEnd() }
            group.addTask {
                let left = MonotonicClock.left(until: deadline)
                return (try? await Task.sleep(for: left)) == nil ? .callCancelled : .deadlinePassed
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func startEnd() async -> Failure? {
        let ticket = state.withLock { $0.waiting.takeTicket() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarting = state.withLock { state in
                    guard case .starting = state.phase else { return false }
                    state.waiting.add(continuation, ticket)
                    return true
                }
                if !isStarting { continuation.resume(returning: nil) }
                // Cancelled before anything waited: nobody else says so.
                if isStarting, Task.isCancelled { leave(ticket) }
            }
        } onCancel: {
            leave(ticket)
        }
    }

    private func leave(_ ticket: UInt64) {
        state.withLock { $0.waiting.take(ticket) }?.resume(returning: .callCancelled)
    }
}

extension WorkerRunner: ReportingRunner {
    func complete(_ report: inout PluginReport) {
        let (phase, restarts) = state.withLock { ($0.phase, $0.restarts) }
        report.restarts = restarts
        report.faults = book.faults
        switch phase {
        case .unstarted:
            report.state = .idle
            report.reason = "starts with its first call"
        case .idle, .retired: report.state = .idle
        case .starting: report.state = .starting
        case .waiting(let until): report.state = until > MonotonicClock.now() ? .restarting : .idle
        case .serving(let worker):
            report.state = .running
            report.processID = worker.processID
            report.layers = worker.layers
        }
        if let reason = book.quarantineReason {
            report.state = .quarantined
            report.reason = reason
        }
    }
}
