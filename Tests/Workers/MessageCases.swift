import Core
import Logging
import PluginRuntime
import PraximousJSON
import Sandbox

@testable import Workers

extension MessageTests {
    static let requests = [
        request(.secret(name: "TOKEN"), "secret TOKEN"),
        request(.secret(name: ""), "secret "),
        request(.value(key: [0, 255]), "value [0, 255]"),
        request(
            .put(key: [1], value: [2, 3], expectedRevision: 1 << 40, timeToLiveSeconds: 60),
            "put [1] [2, 3] 1099511627776 60",
            mayBeCut: true
        ),
        request(.remove(key: []), "remove []"),
        request(.keys(prefix: [9]), "keys [9]"),
        request(
            .metric(MetricDefinition(name: "n", kind: .histogram, labels: ["a", "b"])),
            "metric n histogram [\"a\", \"b\"]"
        ),
        request(
            .invoke(call: 5, target: "skill:a/b", wantsEvents: true, request: [0x31]),
            "invoke 5 skill:a/b true [49]",
            mayBeCut: true
        ),
        request(
            .exchange(
                call: 6,
                HTTPExchangeRequest(
                    method: "POST",
                    url: "http://a/",
                    headers: [(name: "A", value: "b"), (name: "A", value: "")],
                    body: [1, 2],
                    timeoutMilliseconds: 10,
                    firstByteMilliseconds: 20,
                    idleMilliseconds: 4_294_967_295
                )
            ),
            "exchange 6 POST http://a/ [\"A=b\", \"A=\"] [1, 2] 10 20 4294967295",
            mayBeCut: true
        ),
        request(
            .mail(call: 7, MailMessage(to: ["a@b.example", "c@d.example"], subject: "s", text: "t", html: "h")),
            "mail 7 [\"a@b.example\", \"c@d.example\"] s t h 0",
            mayBeCut: true
        ),
        request(.cancel(4_294_967_295), "cancel 4294967295"),
        request(.pause(1), "pause 1"),
        request(.resume(2), "resume 2"),
    ]

    static let responses = [
        response(.started, "started"),
        response(.event(CallEvent(kind: "delta", json: [0x31])), "event delta [49]", mayBeCut: true),
        response(.head(status: -7, headers: [(name: "a", value: "ü")]), "head -7 [\"a=ü\"]"),
        response(.body([1, 2, 3]), "body [1, 2, 3]", mayBeCut: true),
        response(.end(status: -14, payload: [4]), "end -14 [4]", mayBeCut: true),
    ]

    static let others = [
        MessageCase(
            testDescription: "a call",
            bytes: CallMessage(
                SkillCall(
                    operation: "op",
                    parameters: [],
                    context: CallContext(requestID: "r", keyID: "k"),
                    timeout: .seconds(1)
                ),
                deadline: .max,
                windowBytes: 65_536
            ).encoded(),
            says: "18446744073709551615 65536 op r k",
            read: { bytes throws(WireError) in
                var reader = WireReader(bytes)
                let call = try CallMessage(&reader)
                return "\(call.deadline) \(call.windowBytes) \(call.operation) \(call.requestID) \(call.keyID ?? "-")"
            }
        ),
        MessageCase(
            testDescription: "an event",
            bytes: CallEvent(kind: "data", json: Array("{}".utf8)).encodedForWire(),
            mayBeCut: true,
            says: "data [123, 125]",
            read: { bytes throws(WireError) in
                let event = try CallEvent(wireBytes: bytes)
                return "\(event.kind) \(event.json)"
            }
        ),
        MessageCase(
            testDescription: "a log line",
            bytes: LogMessage(level: .warning, text: "t", fields: [(key: "k", value: "v"), (key: "", value: "")])
                .encoded(),
            says: "warning t [\"k=v\", \"=\"]",
            read: { bytes throws(WireError) in
                let line = try LogMessage(bytes)
                return "\(line.level) \(line.text) \(line.fields.map { "\($0.key)=\($0.value)" })"
            }
        ),
        MessageCase(
            testDescription: "an observation",
            bytes: MetricMessage(metric: -3, value: -0.5, labels: ["x", ""]).encoded(),
            says: "-3 -0.5 [\"x\", \"\"]",
            read: { bytes throws(WireError) in
                let metric = try MetricMessage(bytes)
                return "\(metric.metric) \(metric.value) \(metric.labels)"
            }
        ),
        MessageCase(
            testDescription: "a hello",
            bytes: HelloMessage(generations: [1, 2], token: "abc").wireBytes,
            says: "[1, 2] abc",
            read: { bytes throws(WireError) in
                let hello = try HelloMessage(bytes)
                return "\(hello.generations) \(hello.token)"
            }
        ),
        MessageCase(
            testDescription: "a failure",
            bytes: Failure(
                .rateLimit,
                code: "c",
                message: "m",
                hint: "h",
                details: [1, 2],
                retryAfterMilliseconds: 3
            ).wireBytes,
            says: "rateLimit c m h [1,2] 3",
            read: { bytes throws(WireError) in
                let failure = try Failure(wireBytes: bytes)
                return "\(failure.kind) \(failure.code) \(failure.message) \(failure.hint ?? "-") "
                    + "\(failure.details?.text ?? "-") \(failure.retryAfterMilliseconds ?? -1)"
            }
        ),
        MessageCase(
            testDescription: "a create",
            bytes: CreateMessage(
                identity: PluginIdentity(name: "a/b", version: "1.2.3"),
                path: "/p",
                config: ["x": 1],
                services: RecordingServices(),
                logLevel: "info",
                mode: .strict,
                limits: WorkerLimits(memoryBytes: 1, threads: 2, openFiles: 3, maxFileBytes: 4),
                readableFolders: ["/r"]
            ).wireBytes,
            says: "a/b 1.2.3 /p {\"x\":1} 31 - info strict 1 2 3 4 [\"/r\"]",
            read: { bytes throws(WireError) in
                let create = try CreateMessage(bytes)
                let limits = create.limits
                return "\(create.identity.name) \(create.identity.version) \(create.path) \(create.config.text) "
                    + "\(create.tables.rawValue) \(create.dataFolder ?? "-") \(create.logLevel) \(create.mode) "
                    + "\(limits.memoryBytes) \(limits.threads) \(limits.openFiles) \(limits.maxFileBytes) "
                    + "\(create.readableFolders)"
            }
        ),
        outcome(.result([0x37]), "result [55]", mayBeCut: true),
        outcome(.failure(Failure(.busy, code: "c", message: "m")), "failure busy c m"),
    ]

    private static func request(_ request: HostRequest, _ says: String, mayBeCut: Bool = false) -> MessageCase {
        MessageCase(testDescription: says, bytes: request.encoded(), mayBeCut: mayBeCut, says: says) {
            bytes throws(WireError) in say(try HostRequest(bytes))
        }
    }

    private static func response(_ response: HostResponse, _ says: String, mayBeCut: Bool = false) -> MessageCase {
        MessageCase(testDescription: says, bytes: response.encoded(), mayBeCut: mayBeCut, says: says) {
            bytes throws(WireError) in
            switch try HostResponse(bytes) {
            case .started: "started"
            case .event(let event): "event \(event.kind) \(event.json)"
            case .head(let status, let headers): "head \(status) \(headers.map { "\($0.name)=\($0.value)" })"
            case .body(let bytes): "body \(bytes)"
            case .end(let status, let payload): "end \(status) \(payload)"
            }
        }
    }

    private static func outcome(_ outcome: CallOutcome, _ says: String, mayBeCut: Bool = false) -> MessageCase {
        MessageCase(testDescription: says, bytes: outcome.wireBytes, mayBeCut: mayBeCut, says: says) {
            bytes throws(WireError) in
            switch try CallOutcome(wireBytes: Array(bytes)) {
            case .result(let bytes): "result \(bytes)"
            case .failure(let failure): "failure \(failure.kind) \(failure.code) \(failure.message)"
            }
        }
    }
}

/// A request in words.
func say(_ request: HostRequest) -> String {
    switch request {
    case .secret(let name): "secret \(name)"
    case .value(let key): "value \(key)"
    case .put(let key, let value, let revision, let seconds): "put \(key) \(value) \(revision) \(seconds)"
    case .remove(let key): "remove \(key)"
    case .keys(let prefix): "keys \(prefix)"
    case .metric(let definition): "metric \(definition.name) \(definition.kind) \(definition.labels)"
    case .invoke(let call, let target, let wantsEvents, let request):
        "invoke \(call) \(target) \(wantsEvents) \(request)"
    case .exchange(let call, let request):
        "exchange \(call) \(request.method) \(request.url) \(request.headers.map { "\($0.name)=\($0.value)" }) "
            + "\(request.body) \(request.timeoutMilliseconds) \(request.firstByteMilliseconds) "
            + "\(request.idleMilliseconds)"
    case .mail(let call, let mail):
        "mail \(call) \(mail.to) \(mail.subject) \(mail.text) \(mail.html ?? "-") \(mail.timeoutMilliseconds)"
    case .cancel(let number): "cancel \(number)"
    case .pause(let number): "pause \(number)"
    case .resume(let number): "resume \(number)"
    }
}
