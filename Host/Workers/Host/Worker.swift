import CLinux
import Core
import Glibc
import Logging
import PluginRuntime
import PraximousJSON
package import Sandbox
import Synchronization

/// A worker process that serves one plugin, from its start to its end.
///
/// Every byte that comes from it is taken for hostile.
package final class Worker: Sendable {
    /// What is known since it said it was ready.
    struct Standing: Sendable {
        var layers: [LayerReport] = []
        var isConcurrent = false
        var denials: DenialListener?
        var hasGreeted = false
        var isReady = false
        var misbehaviours = 0
    }

    struct Life {
        var ledger: CallLedger
        var vitals: WorkerVitals
        var usage: UsageJudge?
        /// It has been told to end, and nothing more is due.
        var isKilled = false
        /// What the process is being ended for.
        var fault: FaultKind?
        var isLeaving = false
        /// The plugin's folder is being looked through.
        var isScanning = false

        mutating func beginScan() -> Bool {
            defer { isScanning = true }
            return !isScanning
        }
    }

    package let plan: WorkerPlan
    let runtime: WorkerRuntime
    let process: WorkerProcess
    let output: HostOutput
    let standing = Mutex(Standing())
    let started = StartLatch()
    let words: PluginWords
    private let token: String
    let listener: WorkerListener
    let life: Mutex<Life>
    let requests = Mutex<HostRequests?>(nil)
    /// Whether its plugin has ever started an invocation or an exchange.
    let hasRequests = Atomic(false)
    /// Where the kernel counts what the process uses; nil where it is not to be had.
    private let group: ControlGroup?

    /// Starts a worker and waits until it is ready.
    ///
    /// Blocks for as long as the start may take; not for the cooperative pool.
    package static func start(
        _ plan: WorkerPlan,
        in runtime: WorkerRuntime,
        listener: WorkerListener
    ) throws(WorkerStartFailure) -> Worker {
        let library: Int32
        do throws(Refusal) {
            library = try LibraryFile(path: plan.libraryPath).checkedCopy()
        } catch {
            throw .refused(error)
        }
        let executable = runtime.executable
        typealias Made = Result<WorkerProcess, WorkerProcess.SpawnError>
        let made = runtime.clock.run(Made.failure(.init(step: "clock", number: ECANCELED))) {
            Made { () throws(WorkerProcess.SpawnError) in try WorkerProcess(executable: executable) }
        }
        let process: WorkerProcess
        switch made {
        case .success(let started): process = started
        case .failure(let error):
            close(library)
            throw .noProcess("\(error)")
        }
        let group: ControlGroup?
        do throws(WorkerStartFailure) {
            group = try makeGroup(for: process, plan, runtime)
        } catch {
            process.kill()
            _ = process.wait(milliseconds: 1000)
            close(process.output)
            close(library)
            throw error
        }
        let worker = Worker(plan, runtime, process, group, listener)
        worker.run(library)
        try worker.started.wait()
        return worker
    }

    private init(
        _ plan: WorkerPlan,
        _ runtime: WorkerRuntime,
        _ process: WorkerProcess,
        _ group: ControlGroup?,
        _ listener: WorkerListener
    ) {
        self.group = group
        self.plan = plan
        self.runtime = runtime
        self.process = process
        self.listener = listener
        let settings = runtime.settings
        output = HostOutput(to: process, writable: runtime.writable)
        words = PluginWords(logger: plan.logger, linesPerSecond: settings.maxLogLinesPerSecond)
        token =
            String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
        let ledger = CallLedger(maxCalls: settings.maxCalls, graceNanoseconds: settings.cancelGrace.nanoseconds)
        life = Mutex(Life(ledger: ledger, vitals: WorkerVitals(settings: settings, at: MonotonicClock.now())))
    }

    package var processID: Int32 { process.id }
    package var layers: [LayerReport] {
        // The worker can only speak of its own; the group is the host's.
        let own = standing.withLock { $0.layers }.filter { $0.layer != .controlGroup }
        return own + (group.map { [$0.report] } ?? [])
    }
    package var isConcurrent: Bool { standing.withLock { $0.isConcurrent } }

    private func run(_ library: Int32) {
        requests.withLock { $0 = HostRequests(self) }
        let create = CreateMessage(
            identity: plan.identity,
            path: plan.libraryPath,
            config: plan.config,
            services: plan.services,
            logLevel: plan.logger.logLevel.rawValue,
            mode: plan.mode,
            limits: plan.limits,
            readableFolders: plan.readableFolders
        )
        output.send(.hello, head: HelloMessage(generations: Wire.generations, token: token).wireBytes)
        output.send(.create, head: create.wireBytes, descriptor: library)
        let profile = create.profile
        words.read(process.output)
        runtime.deaths.wait(for: process.descriptor) { [process] in process.hangUp() }
        let isReading = DetachedThread.start(named: "prax-worker") { [self] in
            WorkerReader(self, profile).run()
            reap()
        }
        guard isReading else {
            process.kill()
            return started.fail(.noProcess("no thread can be started to read from the worker"))
        }
        runtime.clock.add(self)
    }

    /// The conversation is over, one way or the other: finds out why and tells everybody.
    private func reap() {
        // A process that has closed its socket without ending is of no use any more.
        var ending = process.wait(milliseconds: 200)
        if ending == nil {
            process.kill()
            ending = process.wait(milliseconds: 5000)
        }
        runtime.clock.remove(self)
        runtime.deaths.forget(process.descriptor)
        runtime.writable.forget(process.socket)
        let isOutOfMemory = ending == .signalled(SIGKILL) && (group?.memoryKills ?? 0) > 0
        group?.killAll()
        _ = group?.remove()
        let (waiters, fault) = life.withLock { life in
            let fault = isOutOfMemory && life.fault == nil ? FaultKind.memory : Self.fault(life, ending)
            life.vitals.end()
            return (life.ledger.close(), fault)
        }
        output.close()
        // First of all those who wait.
        let failure = (fault ?? .timeout).failure(plan.identity)
        for waiter in waiters {
            waiter.events?.close()
            waiter.deliver(.failure(failure))
        }
        standing.withLock { $0.denials?.stop() }
        requests.withLock { $0 }?.close()
        let end = WorkerEnd(
            fault: fault,
            ending: ending?.description ?? "did not end",
            lastWords: words.last
        )
        started.fail(.failed(end))
        listener.ended(end)
    }

    private static func fault(_ life: Life, _ ending: WorkerProcess.Ending?) -> FaultKind? {
        if let fault = life.fault { return fault }
        if life.isLeaving { return nil }
        guard life.vitals.phase != .starting else { return .startFailed }
        return switch ending {
        case .exited(let code): .exited(code: code)
        case .signalled(let number): .crashed(signal: number)
        case nil: .unresponsive
        }
    }

    /// Ends the process because of a fault; the first one counts.
    package func end(because fault: FaultKind) {
        life.withLock { life in
            if life.fault == nil, !life.isLeaving { life.fault = fault }
            life.isKilled = true
        }
        process.kill()
    }

    /// No new calls; those under way are finished, then the process goes.
    package func drain() {
        let now = MonotonicClock.now()
        let isEmpty = life.withLock { life in
            life.isLeaving = true
            life.vitals.drain(at: now)
            return life.ledger.drain()
        }
        var writer = WireWriter()
        writer.integer(now.addingClamped(runtime.settings.drainTimeout.nanoseconds))
        output.send(.drain, head: writer.bytes)
        if isEmpty { output.send(.bye) }
        runtime.clock.look(at: 0)
    }

    /// Ends the process now, whatever it is at.
    package func endNow() {
        life.withLock { life in
            life.isLeaving = true
            life.isKilled = true
        }
        process.kill()
    }

    /// Waits until its process is gone, at most so long; whether it is.
    package func waitForEnd(_ limit: Duration) -> Bool {
        let deadline = MonotonicClock.deadline(in: limit)
        while !life.withLock({ $0.vitals.phase == .ended }) {
            guard MonotonicClock.now() < deadline else { return false }
            usleep(2000)
        }
        return true
    }

    func becameReady(isConcurrent: Bool) {
        standing.withLock { standing in
            standing.isReady = true
            standing.isConcurrent = isConcurrent
        }
        let base = ProcessSample(of: process.id) ?? ProcessSample()
        life.withLock { life in
            life.vitals.ready(at: MonotonicClock.now())
            life.usage = UsageJudge(limits: plan.limits, base: base)
        }
        started.succeed()
    }

    func greeted(_ hello: HelloMessage) throws(WireError) {
        guard hello.token == token else { throw WireError("the hello of another worker") }
        standing.withLock { $0.hasGreeted = true }
    }

    func misbehaved() {
        let isTooOften = standing.withLock { standing in
            standing.misbehaviours += 1
            return standing.misbehaviours % Self.maxMisbehaviours == 0
        }
        if isTooOften { listener.misbehaved() }
    }

    private static let maxMisbehaviours = 3

    /// The control group of a worker that is to have one.
    ///
    /// A sandbox does without where there is none; `strict` does not.
    private static func makeGroup(
        for process: WorkerProcess,
        _ plan: WorkerPlan,
        _ runtime: WorkerRuntime
    ) throws(WorkerStartFailure) -> ControlGroup? {
        guard plan.mode >= .sandbox else { return nil }
        do {
            guard let groups = runtime.groups else { return try plan.mode == .strict ? refuseStrict() : nil }
            let limits = ControlGroups.Limits(
                memoryBytes: plan.limits.memoryBytes + ownMemoryBytes,
                threads: plan.limits.threads + ownThreads
            )
            let group = try groups.make(id: "\(process.id)", limits: limits)
            try group.add(process.id)
            return group
        } catch let refusal as Refusal {
            throw .refused(refusal)
        } catch {
            guard plan.mode == .strict else { return nil }
            throw .refused(.layersMissing([LayerReport(.controlGroup, .failed, "\(error)")]))
        }
    }

    private static func refuseStrict() throws(Refusal) -> ControlGroup? {
        throw .layersMissing([ControlGroups.probe()])
    }

    /// What the host's own code in a worker needs, on top of what the plugin may use.
    private static let ownMemoryBytes = 128 << 20
    private static let ownThreads = 8

    func denied(_ denial: Denial) { listener.denied(denial) }

    func handle(_ number: UInt32, request: HostRequest) throws(WireError) {
        hasRequests.store(true, ordering: .releasing)
        try requests.withLock { $0 }?.handle(number, request)
    }

    func credit(request number: UInt32, bytes: Int) { requests.withLock { $0 }?.credit(number, bytes) }

    func ponged(_ token: UInt64, lingeringMilliseconds: UInt32) {
        let fault = life.withLock { $0.vitals.pong(token, lingeringMilliseconds: lingeringMilliseconds) }
        if let fault { end(because: fault) }
    }

    func knows(requestID: String) -> Bool { life.withLock { $0.ledger.knows(requestID: requestID) } }
    func openCall(_ number: UInt32) -> (context: CallContext, deadline: UInt64)? {
        life.withLock { $0.ledger.openCall(number) }
    }
    func waiter(_ number: UInt32) throws(WireError) -> CallLedger.Waiter? {
        try life.withLock { life throws(WireError) in try life.ledger.waiter(number) }
    }
}
