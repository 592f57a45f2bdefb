import Core
import Logging
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport

/// The plugin Fixtures/behaviours.c, loaded, with what it logs.
struct Behaviours: Sendable {
    let instance: PluginInstance
    let calls = SkillCalls()
    let log: LogRecorder

    init(
        isConcurrent: Bool = true,
        config: JSON = [:],
        secrets: [String: Secret] = [:]
    ) throws {
        let variant = isConcurrent ? "plain" : "serial"
        let folder = try PluginFixture.folder(
            source: SourceTree.path("Tests/PluginRuntime/Fixtures/behaviours.c"),
            manifest: PluginFixture.manifest(name: "test/" + variant, taskType: variant, operations: ["ok"]),
            variant: variant
        )
        let recorder = LogRecorder()
        log = recorder
        var logger = Logger(label: "test") { _ in RecordingHandler(recorder: recorder) }
        logger.logLevel = .trace
        instance = try PluginLoader(logger: logger).load(
            try PluginFolder(path: folder, origin: .local),
            settings: PluginSettings(config: config, secrets: secrets)
        )
    }

    func call(
        _ operation: String,
        parameters: JSON = [:],
        timeout: Duration = .seconds(20),
        events: EventQueue? = nil
    ) async -> CallOutcome {
        await calls.call(
            instance,
            operation: operation,
            parameters: parameters.encoded(),
            context: CallContext(requestID: "request-\(operation)", keyID: "key"),
            timeout: timeout,
            events: events
        )
    }

    /// The call's result as JSON; null when it failed.
    func result(_ operation: String) async -> JSON {
        guard case .result(let bytes) = await call(operation) else { return .null }
        return (try? JSON.parse(bytes)) ?? .null
    }
}

extension CallOutcome {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    var text: String? {
        if case .result(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}

/// What has been logged, one text per line with its metadata.
final class LogRecorder: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func add(_ line: String) { kept.withLock { $0.append(line) } }
}

private struct RecordingHandler: LogHandler {
    let recorder: LogRecorder
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        recorder.add("\(event.level) \(event.message) " + all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))
    }
}
