import Core
import Glibc
import Logging
import PluginRuntime
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
        if let reason = DescriptorReserve.refusal() { throw .noProcess(reason) }
        let library: Int32
        do throws(Refusal) {
            library = try LibraryFile(path: plan.libraryPath).checkedCopy()
        } catch {
            throw .refused(error)
        }
        let process: WorkerProcess
        switch runtime.takeProcess() {
        case .success(let started): process = started
        case .failure(let error):
            close(library)
            throw .noProcess("\(error)")
        }
        let group: ControlGroup?
        do throws(WorkerStartFailure) {
            group = try makeGroup(for: process, plan, runtime)
        } catch {
            process.discard()
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
    /// Calls that the plugin has not let go of, those that nobody waits for any more included.
    package var openCalls: Int { life.withLock { $0.ledger.count } }
    /// What its process uses now; nil when it is gone.
    package var usage: ProcessSample? { ProcessSample(of: process.id) }
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
            kind: plan.kind,
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
            life.withLock { life in
                if life.isLeaving {
                    life.isKilled = true
                } else if life.fault == nil {
                    life.fault = .protocolViolation
                }
            }
            process.kill()
            ending = process.wait(milliseconds: 5000)
        }
        runtime.clock.remove(self)
        runtime.deaths.forget(process.descriptor)
        runtime.writable.forget(process.socket)
        let isOutOfMemory = ending == .signalled(SIGKILL) && (group?.memoryKills ?? 0) > 0
        group?.killAll()
        _ = group?.remove()
        let (waiters, fault, isLeaving) = life.withLock { life in
            let waiters = life.ledger.close()
            let isMemory = isOutOfMemory && life.fault == nil
            let fault = isMemory ? FaultKind.memory : Self.fault(life, ending, hasWaiters: !waiters.isEmpty)
            life.vitals.end()
            return (waiters, fault, life.isLeaving && life.fault == nil)
        }
        output.close()
        standing.withLock { $0.denials?.stop() }
        requests.withLock { $0 }?.close()
        let end = WorkerEnd(
            fault: fault,
            wasLeaving: isLeaving,
            ending: ending,
            lastWords: words.last
        )
        started.fail(.failed(end))
        // Before those who wait: whoever is told of the fault finds it counted, and meets the back-off if he tries again.
        listener.ended(end)
        let failure = (fault ?? .timeout).failure(plan.identity)
        for waiter in waiters {
            waiter.events?.close()
            waiter.deliver(.failure(failure))
        }
    }

    private static func fault(_ life: Life, _ ending: ProcessEnding?, hasWaiters: Bool) -> FaultKind? {
        if let fault = life.fault { return fault }
        // It was to go; but whoever waits for one of its last calls is told what it did, unless the host ended it.
        if life.isLeaving, life.isKilled || !hasWaiters { return nil }
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

    /// It has shut itself in, and loads its plugin next: from here on what it uses is the plugin's.
    func beganLoading() {
        let base = UsageJudge.base(ProcessSample(of: process.id) ?? ProcessSample())
        life.withLock { life in
            life.usage = UsageJudge(limits: plan.limits, base: base)
            life.vitals.loading(at: MonotonicClock.now())
        }
        runtime.clock.look(at: 0)
    }

    var hasBegunLoading: Bool { life.withLock { $0.usage != nil } }

    func becameReady(isConcurrent: Bool) {
        standing.withLock { standing in
            standing.isReady = true
            standing.isConcurrent = isConcurrent
        }
        life.withLock { $0.vitals.ready(at: MonotonicClock.now()) }
        started.succeed()
        // The next look was to be at the end of the time for the start.
        runtime.clock.look(at: 0)
    }

    func greeted(_ hello: HelloMessage) throws(WireError) {
        guard hello.token == token else { throw WireError("the hello of another worker") }
    }

    func misbehaved() {
        let isTooOften = standing.withLock { standing in
            standing.misbehaviours += 1
            return standing.misbehaviours % Self.maxMisbehaviours == 0
        }
        if isTooOften { listener.misbehaved() }
    }

    private static let maxMisbehaviours = 3

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
