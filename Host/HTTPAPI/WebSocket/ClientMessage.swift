import Core
import Gateway
import PraximousJSON

/// What a client says on `/ws/v1/process`; PROTOCOL.md describes each.
enum ClientMessage: Sendable {
    struct Hello: Sendable, Equatable {
        var version: Int
        var token: String?
        /// Whether streams are to outlive the connection.
        var wantsResume = false
        /// The session to go on with.
        var session: String?
    }

    struct Start: Sendable {
        let id: String
        /// The request, or what is wrong with it.
        let request: Result<SkillRequest, Failure>
        let wishes: StreamWishes
        let credit: Int?
        let deadlineMilliseconds: UInt64?
        /// Of the whole message.
        let bytes: Int
        /// What an equal `start` has as well, whatever its `id`; empty without an `idempotency_key`.
        let identity: [UInt8]
        /// The trace that the client brought.
        let trace: TraceContext?
    }

    /// A message that is none; the text says why.
    struct Bad: Error, Equatable {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    case hello(Hello)
    case start(Start)
    case cancel(id: String)
    case credit(id: String, count: Int)
    case acknowledge(id: String, sequence: Int)
    case resume(id: String, afterSequence: Int)
    case ping(JSON)

    /// Reads one text message.
    init(_ text: [UInt8], _ limits: SessionLimits) throws(Bad) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(text, limits: JSONLimits(maxDepth: limits.maxNesting))
        } catch {
            throw Bad("not JSON: \(error)")
        }
        guard let members = value.objectValue else { throw Bad("expected a JSON object, found \(value.typeName)") }
        guard let type = members["type"]?.stringValue else { throw Bad("expected a string as \"type\"") }
        let reader = Reader(members: members, limits: limits)
        switch type {
        case "hello": self = .hello(try reader.hello())
        case "start": self = .start(try reader.start(bytes: text.count))
        case "cancel": self = .cancel(id: try reader.id())
        case "credit": self = .credit(id: try reader.id(), count: try reader.integer("n", 1...limits.maxCredit))
        case "ack": self = .acknowledge(id: try reader.id(), sequence: try reader.integer("seq", 0...Int.max))
        case "resume": self = .resume(id: try reader.id(), afterSequence: try reader.integer("after_seq", 0...Int.max))
        case "ping": self = .ping(members["t"] ?? .null)
        default: throw Bad("unknown type \(type.quotedForMessage())")
        }
    }
}

/// The members of one message.
private struct Reader {
    let members: JSONObject
    let limits: SessionLimits

    func id() throws(ClientMessage.Bad) -> String {
        guard let id = members["id"]?.stringValue, (1...limits.maxIDBytes).contains(id.utf8.count) else {
            throw .init("expected a string of 1 to \(limits.maxIDBytes) bytes as \"id\"")
        }
        return id
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(ClientMessage.Bad) -> Int {
        guard let value = members[name]?.intValue, range.contains(value) else {
            let upper = range.upperBound == Int.max ? "or more" : "to \(range.upperBound)"
            throw .init("expected an integer, \(range.lowerBound) \(upper), as \"\(name)\"")
        }
        return value
    }

    private func optionalInteger(_ name: String, _ range: ClosedRange<Int>) throws(ClientMessage.Bad) -> Int? {
        guard let value = members[name], value != .null else { return nil }
        return try integer(name, range)
    }

    func hello() throws(ClientMessage.Bad) -> ClientMessage.Hello {
        var hello = ClientMessage.Hello(version: try integer("v", 0...Int.max))
        if let token = members["token"], token != .null {
            guard let text = token.stringValue else { throw .init("expected a string as \"token\"") }
            hello.token = text
        }
        guard let resume = members["resume"], resume != .null, resume != false else { return hello }
        guard let wish = resume.objectValue else { throw .init("expected an object as \"resume\"") }
        hello.wantsResume = true
        hello.session = wish["session"]?.stringValue
        return hello
    }

    func start(bytes: Int) throws(ClientMessage.Bad) -> ClientMessage.Start {
        let key = try idempotencyKey()
        return ClientMessage.Start(
            id: try id(),
            request: request(),
            wishes: .init(
                provider: members["provider"]?.stringValue,
                idempotencyKey: key,
                deadline: try optionalInteger("deadline_ms", 1...86_400_000).map { .milliseconds($0) }
            ),
            credit: try optionalInteger("credit", 0...limits.maxCredit),
            deadlineMilliseconds: try optionalInteger("deadline_ms", 1...86_400_000).map(UInt64.init),
            bytes: bytes,
            identity: key == nil ? [] : identity,
            trace: members["traceparent"]?.stringValue.flatMap {
                TraceContext(parent: $0, state: members["tracestate"]?.stringValue)
            }
        )
    }

    private func idempotencyKey() throws(ClientMessage.Bad) -> String? {
        guard let value = members["idempotency_key"], value != .null else { return nil }
        guard let key = value.stringValue else { throw .init("expected a string as \"idempotency_key\"") }
        return key.isEmpty ? nil : key
    }

    /// The members that say what is asked for, in one order; those that name, pace and trace a stream are not of them.
    private var identity: [UInt8] {
        var asked = JSONObject()
        for name in members.keys.sorted() where !Self.framing.contains(name) { asked[name] = members[name] }
        return JSON.object(asked).encoded()
    }

    private static let framing: Set<String> = [
        "type", "id", "credit", "idempotency_key", "traceparent", "tracestate",
    ]

    /// The same request as the body of `POST /api/v1/process` makes: `task_type`, `prompt`, and what is in `params`.
    private func request() -> Result<SkillRequest, Failure> {
        Result { () throws(Failure) in
            var body = JSONObject()
            if let parameters = members["params"], parameters != .null {
                guard let object = parameters.objectValue else {
                    throw Failure(
                        .unprocessable,
                        code: "invalid_request",
                        message: "params must be an object, found \(parameters.typeName)."
                    )
                }
                body = object
            }
            for name in ["task_type", "prompt"] { if let value = members[name] { body[name] = value } }
            return try SkillRequest(body: .object(body))
        }
    }
}
