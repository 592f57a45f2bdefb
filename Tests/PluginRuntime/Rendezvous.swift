import Core
import Glibc
import Logging
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport

/// The plugin Fixtures/rendezvous.c, loaded, and the semaphores at which it meets the test.
struct Rendezvous: Sendable {
    let instance: PluginInstance
    let calls = SkillCalls()
    /// Posted by the plugin when a call has begun.
    let started = Signal()
    /// What the plugin waits for before it goes on.
    let go = Signal()
    let destroyed = Signal()

    init(isConcurrent: Bool = true, config: JSONObject = [:], secrets: [String: Secret] = [:]) throws {
        var config = config
        config["started"] = .integer(started.address)
        config["go"] = .integer(go.address)
        config["destroyed"] = .integer(destroyed.address)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        instance = try PluginLoader(logger: logger).load(
            PluginFolder(path: Self.folder(isConcurrent ? "plain" : "serial"), origin: .local),
            settings: PluginSettings(config: .object(config), secrets: secrets)
        )
    }

    /// The plugin's folder; its manifest declares the secret `TOKEN`.
    static func folder(_ variant: String) throws -> String {
        let names = ["plain": "rendezvous", "serial": "turns", "other": "other"]
        let name = names[variant] ?? variant
        return try PluginFixture.folder(
            source: SourceTree.path("Tests/PluginRuntime/Fixtures/rendezvous.c"),
            manifest: PluginFixture.manifest(name: "test/" + name, taskType: name, operations: ["ok"])
                + "secrets: [ { name: TOKEN, description: For tests., required: false } ]\n",
            variant: variant
        )
    }

    func call(
        _ operation: String,
        timeout: Duration = .seconds(20),
        events: EventQueue? = nil
    ) async -> CallOutcome {
        await calls.call(
            instance,
            operation: operation,
            parameters: Array("{}".utf8),
            context: CallContext(requestID: "request"),
            timeout: timeout,
            events: events
        )
    }
}

/// A counting semaphore whose address a plugin can be told.
///
/// @unchecked Sendable: sem_t is made for use from several threads; the pointer never changes.
final class Signal: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    /// Its memory stays: an instance may be destroyed, and say so, after the test that made it.
    init() { sem_init(semaphore, 0, 0) }

    var address: Int { Int(bitPattern: semaphore) }

    func post() { sem_post(semaphore) }

    /// How often it has been posted without anybody having waited.
    var count: Int {
        var count: Int32 = 0
        sem_getvalue(semaphore, &count)
        return Int(count)
    }

    /// Waits on a thread of its own; false when nobody posted in time.
    func wait(seconds: Int = 10) async -> Bool {
        let isPosted = try? await Blocking.run { self.block(seconds: seconds) }
        return isPosted ?? false
    }

    /// Waits on the calling thread.
    func block(seconds: Int = 10) -> Bool {
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_sec += seconds
        while sem_timedwait(semaphore, &until) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }
}
