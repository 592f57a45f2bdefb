import Core
import PluginRuntime
import PraximousJSON
import Supervision
import Workers
import Testing

@Suite("The caller of a plugin that failed") struct FaultTests {
    private let plugin: PluginName
    private let version = SemanticVersion(1, 2, 3)
    private let identity = PluginIdentity(name: "acme/weather", version: "1.2.3")

    init() throws { plugin = try PluginName.parse("acme/weather") }

    @Test(
        "hears what happened, with the plugin's name and version",
        arguments: [
            (FaultKind.crashed(signal: 11), Failure.Kind.upstream, "plugin_crashed", "crashed with signal 11."),
            (.exited(code: 0), .upstream, "plugin_crashed", "ended its process with exit code 0."),
            (.protocolViolation, .upstream, "plugin_crashed", "sent the host something that is no answer."),
            (.memory, .upstream, "plugin_crashed", "used more memory than it may."),
            (.threads, .upstream, "plugin_crashed", "started more threads than it may."),
            (.descriptors, .upstream, "plugin_crashed", "opened more files than it may."),
            (.disk, .upstream, "plugin_crashed", "wrote more to the disk than it may."),
            (.timeout, .deadline, "plugin_timeout", "did not end a call in time."),
            (.unresponsive, .deadline, "plugin_timeout", "stopped answering."),
            (.startFailed, .unavailable, "plugin_unavailable", "did not start."),
        ]
    )
    func failures(_ fault: FaultKind, _ kind: Failure.Kind, _ code: String, _ end: String) throws {
        let failure = fault.failure(identity)
        #expect(failure.kind == kind)
        #expect(failure.code == code)
        #expect(failure.message == "The plugin acme/weather 1.2.3 " + end)
        #expect(failure.hint?.contains("prax-host ") == true)
        #expect(failure.details?["plugin"] == "acme/weather")
        #expect(failure.details?["version"] == "1.2.3")
        #expect(failure.details?["fault"]?.stringValue == fault.word)
    }

    @Test("is told the signal or the exit code as a number")
    func numbers() {
        #expect(FaultKind.crashed(signal: 6).failure(identity).details?["signal"] == 6)
        #expect(FaultKind.exited(code: 3).failure(identity).details?["exit_code"] == 3)
    }

    @Test("hears that it is quarantined, why, and with which command to let it go")
    func quarantined() {
        let failure = Failure.pluginQuarantined(plugin, version, reason: "it took the host down: signal 11")
        #expect(failure.kind == .unavailable)
        #expect(failure.code == "plugin_quarantined")
        #expect(
            failure.message
                == "The plugin acme/weather 1.2.3 is quarantined: it took the host down: signal 11."
        )
        #expect(failure.hint?.hasSuffix("prax-host plugins restart acme/weather") == true)
        #expect(failure.retryAfterMilliseconds == nil)
    }

    @Test("hears when to try again while it is being restarted")
    func unavailable() {
        let failure = Failure.pluginUnavailable(plugin, version, retryAfterMilliseconds: 512)
        #expect(failure.kind == .unavailable)
        #expect(failure.code == "plugin_unavailable")
        #expect(failure.retryAfterMilliseconds == 512)
    }
}
