/// libFuzzer's entry: whatever a client sends, in whatever order streams answer and time passes, a session numbers the
/// events of each stream without a gap, ends each at most once, and keeps within its limits.
///
/// The input is a row of steps: a byte that says which, then what the step takes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWebSocket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var run = SessionRun(UnsafeBufferPointer(start: start, count: count))
    while run.step() {}
    return 0
}

private struct SessionRun {
    private var bytes: Slice<UnsafeBufferPointer<UInt8>>
    private var session: WebSocketSession
    private var assembler: MessageAssembler
    private var now: UInt64 = 1_000
    /// The last number of each id's stream, and the sources that are open.
    private var sequences: [String: Int] = [:]
    private var sources: Set<Int> = []
    private var unsent: [(bytes: Int, stream: Int?)] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes[...]
        var limits = SessionLimits()
        limits.maxStreamBytes = 512
        limits.maxStreams = 3
        limits.maxMessageBytes = 4096
        limits.maxBadMessages = 50
        let principal = Principal(keyID: "k", name: "n", role: .developer)
        session = WebSocketSession(
            id: "s",
            principal: principal,
            limits: limits,
            makeRequestID: { "r" },
            now: now
        )
        assembler = MessageAssembler(maxMessageBytes: limits.maxMessageBytes)
        // Most of what follows needs a greeting; half of the inputs bring another.
        if (bytes.first ?? 0) & 1 == 0 { say(#"{"type":"hello","v":1,"resume":{}}"#) }
    }

    private mutating func say(_ text: String) { take(session.receive(Array(text.utf8), now)) }

    mutating func step() -> Bool {
        guard let kind = bytes.popFirst() else { return false }
        let argument = Int(bytes.popFirst() ?? 0)
        switch kind % 10 {
        case 0: frame(argument)
        case 1: say(#"{"type":"start","id":"\#(argument % 4)","task_type":"t","credit":\#(argument / 16)}"#)
        case 2: say(#"{"type":"credit","id":"\#(argument % 4)","n":\#(argument / 4 + 1)}"#)
        case 3: say(#"{"type":"cancel","id":"\#(argument % 4)"}"#)
        case 4: event(argument)
        case 5:
            now += UInt64(argument) * UInt64(argument) * 10
            take(session.tick(now))
        case 6: deliver(argument)
        case 7: say(#"{"type":"resume","id":"\#(argument % 4)","after_seq":\#(argument / 4)}"#)
        case 8: say(#"{"type":"ack","id":"\#(argument % 4)","seq":\#(argument / 4)}"#)
        default: connection(argument)
        }
        return true
    }

    private mutating func frame(_ argument: Int) {
        let head = bytes.popFirst() ?? 0x81
        let payload = Array(bytes.prefix(argument))
        bytes = bytes.dropFirst(argument)
        let frame = MessageAssembler.Frame(
            isFinal: head & 0x80 != 0,
            hasReservedBits: head & 0x70 == 0x70,
            isMasked: true,
            operation: head & 0x0F,
            payload: payload
        )
        switch assembler.receive(frame) {
        case .text(let text): take(session.receive(text, now))
        case .ping: take(session.ping(now) ?? [])
        case .fail(let code, let reason): take(session.end(code, reason, now))
        case .nothing, .close: break
        }
    }

    private mutating func event(_ argument: Int) {
        guard let stream = sources.sorted().dropFirst(argument % 8).first else { return }
        switch argument / 8 % 6 {
        case 0:
            sources.remove(stream)
            take(session.ended(stream, .cancelled(), now))
        case 1:
            sources.remove(stream)
            take(session.ended(stream, ProcessEvent(.done), now))
        case 2: take(session.event(stream, .reset, now))
        default: take(session.event(stream, ProcessEvent(.delta, ["text": "some text"]), now))
        }
    }

    private mutating func deliver(_ argument: Int) {
        for sent in unsent.prefix(argument) { take(session.sent(sent.bytes, stream: sent.stream)) }
        unsent.removeFirst(min(argument, unsent.count))
    }

    private mutating func connection(_ argument: Int) {
        switch argument % 4 {
        case 0: take(session.detach(isClean: argument & 16 != 0, now))
        case 1 where session.detachedSince != nil && session.phase == .open:
            unsent = []
            // What was sent before may be sent again.
            sequences = [:]
            take(session.attach(now))
        case 2: take(session.drain(now))
        case 3 where argument > 250: take(session.revoke(now))
        default: break
        }
    }

    private mutating func take(_ actions: [WebSocketSession.Action]) {
        for action in actions {
            switch action {
            case .send(let text, let stream):
                unsent.append((text.count, stream))
                check(text)
            case .open(let stream, _, _): precondition(sources.insert(stream).inserted, "a stream was opened twice")
            case .cancel, .more, .ping, .close, .abort, .authenticate, .take, .forget: break
            }
        }
        let open = session.streams.values.count(where: \.isOpen)
        precondition(open <= session.limits.maxStreams, "more streams are open than may be")
        precondition(session.streams.values.allSatisfy { $0.credit >= 0 }, "a delta was sent without credit")
    }

    private mutating func check(_ text: [UInt8]) {
        guard let message = (try? JSON.parse(text))?.objectValue else { preconditionFailure("no JSON was sent") }
        guard let id = message["id"]?.stringValue, let sequence = message["seq"]?.intValue else { return }
        if let last = sequences[id], sequence != 1 {
            precondition(sequence == last + 1, "stream \(id) went from \(last) to \(sequence)")
        }
        sequences[id] = sequence
    }
}
