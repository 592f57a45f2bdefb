import Core
import Logging
import PluginRuntime
import PraximousJSON
import Synchronization
import Workers

/// The plugin that is measured, and the host whose executable its workers run.
struct Subject {
    let host: String
    let library: String

    var plan: WorkerPlan {
        WorkerPlan(
            identity: PluginIdentity(name: "praximous/bench-cost", version: "1.0.0"),
            libraryPath: library,
            config: [:],
            services: BareServices(),
            mode: .sandbox,
            limits: WorkerLimits(memoryBytes: 256 << 20, threads: 64, openFiles: 64, maxFileBytes: 64 << 20),
            readableFolders: [],
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Starts a worker; `ended` hears of its end.
    func start(in runtime: WorkerRuntime, ended: @escaping @Sendable (WorkerEnd) -> Void = { _ in }) throws -> Worker {
        try Worker.start(plan, in: runtime, listener: WorkerListener(ended: ended, denied: { _ in }, misbehaved: {}))
    }

    static func call(
        _ operation: String,
        _ parameters: [UInt8] = Array("{}".utf8),
        timeout: Duration = .seconds(10),
        events: EventQueue? = nil
    ) -> SkillCall {
        SkillCall(
            operation: operation,
            parameters: parameters,
            context: CallContext(requestID: "00000000-0000-4000-8000-000000000000"),
            timeout: timeout,
            events: events
        )
    }

    /// A JSON object of so many bytes.
    static func parameters(_ count: Int) -> [UInt8] {
        let (head, tail) = (Array(#"{"prompt":""#.utf8), Array(#""}"#.utf8))
        return head + [UInt8](repeating: UInt8(ascii: "x"), count: count - head.count - tail.count) + tail
    }
}
