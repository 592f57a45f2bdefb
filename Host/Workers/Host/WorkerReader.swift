import CLinux
import Core
import Glibc
import Logging
import PluginRuntime
import PraximousJSON
import Sandbox
import Synchronization

/// Reads what a worker sends, on a thread of its own, and judges every frame before anything is done about it.
struct WorkerReader: ~Copyable {
    private let worker: Worker
    private let profile: SandboxProfile
    private var decoder = FrameDecoder()
    private var messages = MessageAssembler()
    private var descriptor: Int32 = -1
    private var hasGreeted = false

    init(_ worker: Worker, _ profile: SandboxProfile) {
        self.worker = worker
        self.profile = profile
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Runs until the worker is gone or has broken the protocol; then its process is to be reaped.
    consuming func run() {
        while true {
            let room = decoder.room()
            var received: Int32 = -1
            let count = prax_receive(worker.process.socket, room.baseAddress, room.count, &received, 1)
            keep(received)
            guard count > 0 else { return }
            decoder.received(count)
            do throws(WireError) {
                while let frame = try decoder.next() { try handle(frame) }
            } catch {
                worker.plan.logger.error("worker broke the protocol", metadata: ["reason": "\(error)"])
                return worker.end(because: .protocolViolation)
            }
        }
    }

    /// One descriptor is expected, the listener for denials; more are not kept.
    private mutating func keep(_ received: Int32) {
        guard received >= 0 else { return }
        if descriptor >= 0 || worker.standing.withLock({ $0.isReady }) {
            close(received)
        } else {
            descriptor = received
        }
    }

    private mutating func handle(_ frame: Frame) throws(WireError) {
        guard hasGreeted else {
            guard frame.kind == .hello else { throw WireError("a frame of kind \(frame.kind) before the hello") }
            try worker.greeted(HelloMessage(frame.payload))
            hasGreeted = true
            return
        }
        switch frame.kind {
        case .end: try handleEnd(frame)
        case .event: try handleEvent(frame)
        case .released: worker.released(frame.number)
        case .hostRequest:
            try messages.take(frame) { payload throws(WireError) in
                try worker.handle(frame.number, request: HostRequest(payload))
            }
        case .credit where frame.flags.contains(.request):
            var reader = WireReader(frame.payload)
            worker.credit(request: frame.number, bytes: Int(try reader.u32()))
        case .log: try handleLog(frame)
        case .metric:
            let message = try MetricMessage(frame.payload)
            worker.plan.services.record(metric: message.metric, value: message.value, labels: message.labels)
        case .pong: try handlePong(frame)
        case .sandboxed: try handleLayers(frame)
        case .ready: try handleReady(frame)
        case .refused: try handleRefusal(frame)
        case .hello, .create, .call, .credit, .cancel, .hostResponse, .ping, .drain, .bye:
            throw WireError("a frame of kind \(frame.kind) from a worker")
        }
    }

    private mutating func handleEnd(_ frame: Frame) throws(WireError) {
        // Told of a call that is not open, this throws before anything is kept of it.
        if frame.flags.contains(.more) { _ = try worker.waiter(frame.number) }
        let isFailure = frame.flags.contains(.failure)
        try messages.take(frame) { payload throws(WireError) in
            let outcome: CallOutcome =
                isFailure ? .failure(try Failure(wireBytes: payload)) : .result(Array(payload))
            try worker.ended(frame.number, outcome)
        }
    }

    private mutating func handleEvent(_ frame: Frame) throws(WireError) {
        if frame.flags.contains(.more) { _ = try worker.waiter(frame.number) }
        try messages.take(frame) { payload throws(WireError) in
            // Of a call that was given up, or that nobody listens to.
            guard let queue = try worker.waiter(frame.number)?.events else { return }
            let event = try CallEvent(wireBytes: payload)
            guard event.json.withUnsafeBufferPointer({ (try? JSON.validate($0)) != nil }) else {
                throw WireError("an event that is not one JSON value")
            }
            guard queue.tryEmit(event) != .full else { throw WireError("an event beyond the credit") }
        }
    }

    private func handleLog(_ frame: Frame) throws(WireError) {
        let message = try LogMessage(frame.payload)
        if frame.flags.contains(.misbehaviour) { worker.misbehaved() }
        worker.words.say(message) { [worker] requestID in worker.knows(requestID: requestID) }
    }

    private func handlePong(_ frame: Frame) throws(WireError) {
        var reader = WireReader(frame.payload)
        let (token, _, lingering) = (try reader.u64(), try reader.u32(), try reader.u32())
        worker.ponged(token, lingeringMilliseconds: lingering)
    }

    private mutating func handleLayers(_ frame: Frame) throws(WireError) {
        guard let layers = (try? JSON.parse(frame.payload.bindMemory(to: UInt8.self)))?["layers"]?.arrayValue,
            !worker.hasBegunLoading
        else { throw WireError("layers that are none") }
        worker.beganLoading()
        worker.standing.withLock { $0.layers = layers.prefix(16).compactMap { LayerReport($0) } }
        guard descriptor >= 0 else { return }
        let listener = descriptor
        descriptor = -1
        do {
            let denials = try DenialListener(descriptor: listener, worker: worker.process.id, profile: profile) {
                [weak worker] denial in worker?.denied(denial)
            }
            worker.standing.withLock { $0.denials = denials }
        } catch {
            // Whatever it opens would wait for an answer that never comes.
            worker.plan.logger.error("denials cannot be heard", metadata: ["reason": "\(error)"])
            worker.end(because: .startFailed)
        }
    }

    private func handleReady(_ frame: Frame) throws(WireError) {
        guard worker.hasBegunLoading else { throw WireError("a ready before the layers") }
        guard !worker.standing.withLock({ $0.isReady }) else { throw WireError("a second ready") }
        let answer = try? JSON.parse(frame.payload.bindMemory(to: UInt8.self))
        worker.becameReady(isConcurrent: answer?["concurrent"]?.boolValue ?? false)
    }

    private func handleRefusal(_ frame: Frame) throws(WireError) {
        guard !worker.standing.withLock({ $0.isReady }) else { throw WireError("a refusal after the ready") }
        guard let answer = try? JSON.parse(frame.payload.bindMemory(to: UInt8.self)),
            let reason = answer["reason"]?.stringValue.flatMap(Refusal.Reason.init(rawValue:)),
            let message = answer["message"]?.stringValue, let fix = answer["fix"]?.stringValue
        else { throw WireError("a refusal that is none") }
        worker.started.fail(.refused(Refusal(reason, String(message.prefix(2048)), fix: String(fix.prefix(2048)))))
    }
}
