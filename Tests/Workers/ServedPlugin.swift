import Core
import Logging
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport

@testable import Workers

/// The plugin Fixtures/serving.c in a worker process of its own, and what is heard of it.
final class ServedPlugin: Sendable {
    let worker: Worker
    let heard: Heard

    private init(_ worker: Worker, _ heard: Heard) {
        self.worker = worker
        self.heard = heard
    }

    deinit { worker.endNow() }

    /// Threads that wait are never ended, so workers share them where their settings are the same.
    private static let runtime = WorkerRuntime(executable: SourceTree.hostExecutable, settings: .calm)

    /// `executable` is what speaks for the worker, instead of the host itself; settings are calm unless given.
    static func start(
        _ variant: String = "plain",
        services: any PluginServices = BareServices(),
        mode: Manifest.IsolationWish.Mode = .process,
        settings: WorkerSettings? = nil,
        threads: Int = 64,
        config: JSON = [:],
        executable: String? = nil,
        runtime: WorkerRuntime? = nil,
        heard: Heard = Heard(),
        isFolderFull: (@Sendable (_ hiddenBytes: Int) -> Bool)? = nil
    ) async throws -> ServedPlugin {
        let plan = WorkerPlan(
            identity: PluginIdentity(name: "test/serving", version: "1.0.0"),
            libraryPath: try library(variant),
            config: config,
            services: services,
            mode: mode,
            limits: WorkerLimits(memoryBytes: 512 << 20, threads: threads, openFiles: 64, maxFileBytes: 1 << 20),
            readableFolders: [],
            logger: heard.logger,
            isFolderFull: isFolderFull
        )
        let isOrdinary = settings == nil && executable == nil
        let runtime =
            runtime
            ?? (isOrdinary
                ? Self.runtime
                : WorkerRuntime(executable: executable ?? SourceTree.hostExecutable, settings: settings ?? .calm))
        let listener = heard.listener
        let worker = try await Blocking.run { try Worker.start(plan, in: runtime, listener: listener) }
        return ServedPlugin(worker, heard)
    }

    /// How many calls the host counts as open, those that were given up among them.
    var openCalls: Int { worker.life.withLock { $0.ledger.count } }

    static func library(_ variant: String) throws -> String {
        let folder = try PluginFixture.folder(
            source: SourceTree.path("Tests/Workers/Fixtures/serving.c"),
            manifest: PluginFixture.manifest(name: "test/serving", taskType: "serving", operations: ["echo"]),
            variant: variant
        )
        return folder + "/skill.so"
    }

    /// `n` is what the operation counts or waits for.
    func call(
        _ operation: String,
        _ n: Int = 0,
        timeout: Duration = .seconds(30),
        events: EventQueue? = nil
    ) async -> CallOutcome? {
        await call(operation, parameters: Array("{\"n\":\(n)}".utf8), timeout: timeout, events: events)
    }

    func call(
        _ operation: String,
        parameters: [UInt8],
        timeout: Duration = .seconds(30),
        events: EventQueue? = nil
    ) async -> CallOutcome? {
        let call = SkillCall(
            operation: operation,
            parameters: parameters,
            context: CallContext(requestID: "request-\(operation)", keyID: "key"),
            timeout: timeout,
            events: events
        )
        return await worker.call(call)
    }

    func text(_ operation: String, _ n: Int = 0) async -> String? { await call(operation, n)?.text }

    /// The call as a task, once the plugin has said that it has begun.
    func begin(_ operation: String, _ n: Int = 0, timeout: Duration = .seconds(30)) async -> Task<CallOutcome?, Never> {
        let events = EventQueue()
        let task = Task {
            defer { events.close() }
            return await call(operation, n, timeout: timeout, events: events)
        }
        _ = await events.next()
        return task
    }
}

extension WorkerSettings {
    /// Nothing is due for minutes, so that only what a test does makes anything happen.
    static var calm: WorkerSettings {
        var settings = WorkerSettings()
        settings.pingInterval = .seconds(600)
        settings.sampleInterval = .seconds(600)
        settings.cancelGrace = .seconds(20)
        settings.startTimeout = .seconds(30)
        return settings
    }

    func with(_ change: (inout WorkerSettings) -> Void) -> WorkerSettings {
        var settings = self
        change(&settings)
        return settings
    }
}

extension CallOutcome {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    var text: String? {
        if case .result(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    /// The result as JSON; null when it failed.
    var json: JSON {
        guard case .result(let bytes) = self else { return .null }
        return (try? JSON.parse(bytes)) ?? .null
    }
}
