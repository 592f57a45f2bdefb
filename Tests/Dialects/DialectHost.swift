import Access
import Audit
import Core
import Foundation
import Gateway
import HTTPAPI
import Hummingbird
import Logging
import NIOCore
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport

/// The HTTP API on a port of its own within this process, before a provider that plays what a test says.
struct DialectHost: Sendable {
    let port: Int
    let key: String
    let audit: AuditLog
    let provider: ScriptedProvider
    private let keys: KeyRing

    /// `script` is what the entry `fake`, with the model `small`, does for each call.
    static func with(
        _ script: @escaping ScriptedProvider.Script,
        limits: HTTPLimits = HTTPLimits(),
        stall: Duration = .seconds(30),
        _ body: @escaping @Sendable (DialectHost) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let root = InstallationRoot(folder.path)
        try FileManager.default.createDirectory(atPath: root.dataFolder, withIntermediateDirectories: true)
        let keys = try KeyRing(root: root)
        let audit = try AuditLog(path: root.auditDatabase, mode: .strict)
        let provider = ScriptedProvider(script)
        let tasks = CallTasks()
        let interface = try interface(keys, audit, provider, tasks, limits)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: interface.makeResponder(),
            server: interface.makeServer(stall: stall),
            configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in
                found.yield(channel.localAddress?.port ?? 0)
                found.finish()
            },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let secret = try keys.create(name: "test", role: .developer).secret.exposed
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await tasks.run() }
            group.addTask { try? await interface.sweep() }
            group.addTask { try? await application.run() }
            for await port in ports {
                try await body(DialectHost(port: port, key: secret, audit: audit, provider: provider, keys: keys))
            }
            group.cancelAll()
        }
        try await audit.close()
    }

    private static func interface(
        _ keys: KeyRing,
        _ audit: AuditLog,
        _ provider: ScriptedProvider,
        _ tasks: CallTasks,
        _ limits: HTTPLimits
    ) throws -> HTTPInterface {
        let skills = SkillTable { _, _ in preconditionFailure("there are no skills here") }
        let entry = ProviderEntry(name: "fake", plugin: try PluginName.parse("test/fake"), model: "small")
        let providers = ProviderTable(
            ProviderSnapshot(providers: [ServedProvider(entry: entry, runner: provider)])
        )
        return HTTPInterface(
            limits: limits,
            authenticator: try keys.authenticator(),
            pipeline: RequestPipeline(skills: skills, audit: audit, defaultTimeout: .seconds(10)) { false },
            tasks: tasks,
            skills: skills,
            views: PluginViews(plugins: { [] }, providers: { [] }, metrics: { "" }),
            store: StoreActions(
                perform: { _, _, _ in .null },
                refused: { _, _, _ in },
                uploadsFolder: "",
                maxUploadBytes: 0
            ),
            chat: ChatPipeline(providers: providers, audit: audit),
            health: HostHealth(notReadyReason: { nil }, degradedReason: { nil })
        )
    }

    func key(scopes: [String]) throws -> String {
        try keys.create(name: "narrow", role: .developer, scopes: scopes.compactMap { Scope($0) }).secret.exposed
    }

    func post(_ path: String, _ body: JSON, headers: [(String, String)] = [], key: String? = nil) async throws
        -> HTTPAnswer
    {
        try await send("POST", path, headers: headers, body: body.encoded(), key: key)
    }

    func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        key: String? = nil
    ) async throws -> HTTPAnswer {
        let headers = [("Authorization", "Bearer \(key ?? self.key)")] + headers
        return try await connected { connection in
            connection.send(HTTPBytes.request(method, path, headers: headers, body: body))
            return try connection.readAnswer(toHead: method == "HEAD")
        }
    }

    func connected<Value: Sendable>(
        _ body: @escaping @Sendable (HTTPConnection) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await Blocking.run { try body(HTTPConnection(port: port)) }
    }
}

/// A provider that does what a test says, and remembers what it was asked.
final class ScriptedProvider: SkillRunner {
    /// Emits what it will into the call's events, and says how the call ends.
    typealias Script = @Sendable (SkillCall) async -> CallOutcome

    private let script: Script
    private let asked = Mutex<[JSON]>([])

    init(_ script: @escaping Script) { self.script = script }

    /// The requests in the order they came, as the provider gets them.
    var requests: [JSON] { asked.withLock { $0 } }

    let isConcurrent = true

    func call(_ call: SkillCall) async -> CallOutcome? {
        let request = (try? JSON.parse(call.parameters)) ?? .null
        asked.withLock { $0.append(request) }
        return await script(call)
    }

    func inlineCaller() -> InlineCaller? { nil }
    func retire() {}

    /// Streams these chunks and ends well.
    static func streaming(_ chunks: [JSON], usage: JSON = .null) -> Script {
        { call in
            for chunk in chunks { _ = call.events?.tryEmit(CallEvent(kind: "delta", json: chunk.encoded())) }
            let end: JSON = ["id": "c-1", "model": "small", "finish_reason": "stop", "usage": usage]
            return .result(end.encoded())
        }
    }

    static func answering(_ completion: JSON) -> Script { { _ in .result(completion.encoded()) } }

    static func failing(_ failure: Failure) -> Script { { _ in .failure(failure) } }

    static func chunk(_ delta: JSON, finish: JSON = .null) -> JSON {
        [
            "id": "c-1", "object": "chat.completion.chunk", "created": 7, "model": "small",
            "choices": [["index": 0, "delta": delta, "finish_reason": finish]],
        ]
    }
}
