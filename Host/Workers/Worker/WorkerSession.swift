import CLinux
import Core
import Glibc
import PluginRuntime
import Synchronization

/// A worker's side of the conversation with its host: reads frames, begins and ends calls.
///
/// The host is trusted, so what cannot be understood ends the process: the host will notice.
final class WorkerSession: Sendable {
    private struct Input: ~Copyable {
        var decoder: FrameDecoder
        var messages = MessageAssembler()
        /// Descriptors in the order they came; the frames that speak of them come in the same order.
        var descriptors: [Int32] = []
    }

    /// The largest number of threads that run plugin code at once.
    private static let maxThreads = 24
    /// How long destroy() may take once the host has said goodbye.
    private static let farewell = Duration.seconds(5)

    let outbox: WorkerOutbox
    let services: WireServices
    private let socket: Int32
    private let input: Mutex<Input>
    private let calls = WorkerCalls()
    private let instance = Mutex<PluginInstance?>(nil)
    private let threads = Mutex<WorkerThreads?>(nil)

    init(socket: Int32, decoder: consuming sending FrameDecoder, outbox: WorkerOutbox, services: WireServices) {
        self.socket = socket
        self.outbox = outbox
        self.services = services
        input = Mutex(Input(decoder: decoder))
    }

    /// Starts the threads that read and the one that flushes; from then on the plugin's services work.
    func start(maxThreads: Int) -> WorkerThreads {
        let started = WorkerThreads(maxThreads: min(Self.maxThreads, max(2, maxThreads / 2)), outbox: outbox) {
            [self] isJobThread in read(isJobThread: isJobThread)
        }
        threads.withLock { $0 = started }
        services.run(
            on: { job in started.submit(isOwn: false, job) },
            standAside: { started.standAside() }
        )
        started.start()
        return started
    }

    func serve(_ instance: PluginInstance) { self.instance.withLock { $0 = instance } }

    /// Waits for what the host sends and handles it.
    private func read(isJobThread: Bool) {
        input.withLock { input in
            let room = input.decoder.room()
            var descriptor: Int32 = -1
            let count = prax_receive(socket, room.baseAddress, room.count, &descriptor, 1)
            // The host is gone, and with it the reason for this process.
            guard count > 0 else { _exit(0) }
            if descriptor >= 0 { input.descriptors.append(descriptor) }
            input.decoder.received(count)
            do {
                while let frame = try input.decoder.next() { try handle(frame, &input, isJobThread) }
            } catch {
                _exit(ExitCode.internalError.rawValue)
            }
        }
    }

    private func handle(_ frame: Frame, _ input: inout Input, _ isJobThread: Bool) throws(WireError) {
        switch frame.kind {
        case .call: try begin(frame, &input, isJobThread)
        case .cancel: cancel(frame)
        case .credit: try credit(frame)
        case .hostResponse:
            try input.messages.take(frame) { payload throws(WireError) in
                try services.answered(frame.number, HostResponse(payload))
            }
        case .ping: pong(frame)
        case .drain: try drain(frame)
        case .bye: leave()
        default: throw WireError("a frame of kind \(frame.kind) from the host")
        }
    }

    private func begin(_ frame: Frame, _ input: inout Input, _ isJobThread: Bool) throws(WireError) {
        var reader = WireReader(frame.payload)
        let message = try CallMessage(&reader)
        let parameters: Parameters
        if frame.flags.contains(.memory) {
            guard !input.descriptors.isEmpty else { throw WireError("parameters in memory without a descriptor") }
            parameters = try .mapped(input.descriptors.removeFirst())
        } else {
            parameters = .copied(Array(reader.remaining()))
        }
        guard let instance = instance.withLock({ $0 }), let threads = threads.withLock({ $0 }) else {
            // Calls come once this worker has said that it is ready: somebody else has said so, and the host is to know.
            return outbox.post(.refused)
        }
        let number = frame.number
        let events = frame.flags.contains(.streams) ? makeEvents(number, Int(message.windowBytes), threads) : nil
        var context = message.context
        context.number = number
        let begun = WorkerCall.begin(
            instance,
            context: context,
            deadline: message.deadline,
            events: events,
            listener: WorkerCall.Listener(
                ended: { [self] outcome in if calls.ended(number) { end(number, outcome) } },
                released: { [self] in if calls.released(number) { outbox.post(.released, number: number) } }
            )
        )
        guard let begun else { return end(number, .failure(.workerIsFull)) }
        calls.add(number, begun, events)
        let readingThread = pthread_self()
        instance.enter { [threads] in
            // Later, when it has to wait for its turn, and then on whatever thread lets it in.
            let isOwn = isJobThread && pthread_equal(readingThread, pthread_self()) != 0
            threads.submit(isOwn: isOwn) {
                parameters.withBytes { begun.run(instance, operation: message.operation, parameters: $0) }
            }
        }
    }

    private func makeEvents(_ number: UInt32, _ windowBytes: Int, _ threads: WorkerThreads) -> WireEvents {
        WireEvents(windowBytes: windowBytes) { [outbox] event in
            event.encodedForWire().withUnsafeBytes {
                outbox.post(.event, number: number, body: $0, urgency: .soon)
            }
            return true
        } runLater: { job in
            threads.submit(isOwn: false, job)
        }
    }

    private func end(_ number: UInt32, _ outcome: CallOutcome) {
        // While calls wait, their callers are busy anyway: the ends go out together.
        let urgency: WorkerOutbox.Urgency = threads.withLock({ $0 })?.isIdle ?? true ? .now : .later
        switch outcome {
        case .result(let bytes):
            bytes.withUnsafeBytes { outbox.post(.end, number: number, body: $0, urgency: urgency) }
        case .failure(let failure):
            failure.wireBytes.withUnsafeBytes {
                outbox.post(.end, flags: .failure, number: number, body: $0, urgency: urgency)
            }
        }
    }

    private func cancel(_ frame: Frame) {
        guard let call = calls.cancelled(frame.number), let threads = threads.withLock({ $0 }) else { return }
        let hasBegun = call.cancel(isDeadline: frame.payload.first == 1) { threads.submitCallback($0) }
        // A call that waits for its turn holds nothing; its slot follows when the turn comes.
        if !hasBegun, calls.released(frame.number) { outbox.post(.released, number: frame.number) }
    }

    private func credit(_ frame: Frame) throws(WireError) {
        var reader = WireReader(frame.payload)
        calls.events(frame.number)?.grant(Int(try reader.u32()))
    }

    private func pong(_ frame: Frame) {
        var writer = WireWriter()
        writer.raw(frame.payload)
        let (open, lingeringMilliseconds) = calls.standing(at: MonotonicClock.now())
        writer.integer(UInt32(clamping: open))
        writer.integer(UInt32(clamping: lingeringMilliseconds))
        outbox.post(.pong, head: writer.bytes)
    }

    private func drain(_ frame: Frame) throws(WireError) {
        var reader = WireReader(frame.payload)
        let deadline = try reader.u64()
        guard let instance = instance.withLock({ $0 }), let threads = threads.withLock({ $0 }) else { return }
        threads.submit(isOwn: false) { instance.quiesce(until: deadline) }
    }

    private func leave() {
        guard let instance = instance.withLock({ $0 }) else { _exit(0) }
        DetachedThread.start(named: "prax-leave", stackBytes: WorkerThreads.smallStackBytes) {
            instance.retireAndWait(Self.farewell)
            _exit(0)
        }
    }
}

/// A call's parameters, as they came.
private enum Parameters: Sendable {
    case copied([UInt8])
    /// In memory that the host has sealed.
    case shared(SharedMemory)

    static func mapped(_ descriptor: Int32) throws(WireError) -> Parameters {
        guard let memory = SharedMemory(descriptor) else { throw WireError("parameters in memory that is not sealed") }
        return .shared(memory)
    }

    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .copied(let bytes): bytes.withUnsafeBufferPointer(body)
        case .shared(let memory): memory.bytes.withMemoryRebound(to: UInt8.self, body)
        }
    }
}

extension Failure {
    fileprivate static let workerIsFull = Failure(
        .busy,
        code: "too_many_calls",
        message: "Too many calls of this plugin are in flight.",
        hint: "Try again in a moment.",
        retryAfterMilliseconds: 1000
    )
}
