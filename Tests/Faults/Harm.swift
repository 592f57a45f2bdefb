import PraximousJSON

/// What is done to the host; a string literal is one call of that operation.
struct Harm: Sendable, ExpressibleByStringLiteral {
    enum Scenario: Sendable {
        case call
        /// One call, then the same of the other plugin with functions of the same names.
        case callBoth
        /// One call, then the operator restarts the plugin.
        case callThenRestart
        /// The harm is done when the plugin is loaded: only `ok` is called.
        case load
        /// One call whose events are read to their end.
        case stream
        /// One call whose events nobody reads, or somebody reads slowly.
        case flood(isRead: Bool)
        /// The same call again and again until it is refused.
        case crashLoop
        case hostKilled
        /// So many of the same call at once.
        case together(Int)
        /// The same, the last of them of the other plugin, in a host that may end itself because something starts it again.
        case supervised(Int)
    }

    var operation = "ok"
    var parameters: JSON = [:]
    var scenario = Scenario.call
    var plugin = FaultPlugin.plain

    init(stringLiteral operation: String) { self.operation = operation }

    private init(_ operation: String, _ scenario: Scenario) {
        self.operation = operation
        self.scenario = scenario
    }

    /// What `serve` is told for it.
    var arguments: [String] { if case .supervised = scenario { ["--supervised"] } else { [] } }

    static let killsHost = Harm("ok", .hostKilled)

    static func call(_ operation: String, _ parameters: JSON = [:], of plugin: FaultPlugin = .plain) -> Harm {
        var harm = Harm(operation, .call)
        harm.parameters = parameters
        harm.plugin = plugin
        return harm
    }

    static func callBoth(_ operation: String) -> Harm {
        var harm = Harm(operation, .callBoth)
        harm.plugin = .besideClash
        return harm
    }

    static func load(_ plugin: FaultPlugin) -> Harm {
        var harm = Harm("ok", .load)
        harm.plugin = plugin
        return harm
    }

    static func stream(_ operation: String) -> Harm { Harm(operation, .stream) }

    static func flood(isRead: Bool) -> Harm { Harm("stream_flood", .flood(isRead: isRead)) }

    static func restart(after operation: String) -> Harm { Harm(operation, .callThenRestart) }

    static func together(_ count: Int, _ operation: String) -> Harm { Harm(operation, .together(count)) }

    static func supervised(_ count: Int, _ operation: String) -> Harm {
        var harm = Harm(operation, .supervised(count))
        harm.plugin = .besideClash
        return harm
    }

    static func again(_ operation: String) -> Harm { Harm(operation, .crashLoop) }

    /// Bytes in hexadecimal for the worker's line to the host.
    static func line(_ bytes: String) -> Harm { call("garbage", ["hex": .string(bytes)]) }
}
