import NIOCore

/// A connection's gate for the task that serves its requests.
struct GateHandle: Sendable {
    let queue: RequestQueue
    private let gate: NIOLoopBound<RequestGate>
    private let loop: any EventLoop

    /// On the event loop.
    init(_ gate: RequestGate, _ loop: any EventLoop) {
        queue = gate.queue
        self.gate = NIOLoopBound(gate, eventLoop: loop)
        self.loop = loop
    }

    /// Has an answer written; returns when a streamed one has ended.
    func write(_ answer: Answer, requestID: String) async {
        loop.execute { [gate] in gate.value.write(answer, requestID: requestID) }
        guard case .streamed(let body) = answer.body else { return }
        let stream = AnswerStream(loop: loop) { [gate] in gate.value.write($0) }
        loop.execute { [gate] in gate.value.begin(stream) }
        do {
            try await body(stream)
            loop.execute { [gate] in
                stream.drain()
                gate.value.finish()
            }
        } catch {
            loop.execute { [gate] in gate.value.cut() }
        }
    }
}
