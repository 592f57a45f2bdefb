import ArgumentParser
import Audit
import Core
import Egress
import Foundation
import Gateway
import HTTPAPI
import Limits
import Logging
import PluginRuntime
import PraximousJSON
import Supervision
import Workers
import Registry

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check or show the configuration.",
        subcommands: [ConfigCheck.self, ConfigShow.self]
    )
}

struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: """
            Read praximous.yaml, providers.yaml and prices.yaml of config/ as `serve` would; name every mistake with its \
            line.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let providers = try ProvidersConfiguration.read(root, ProvidersFile.Context(root, configuration))
        _ = try PriceFiles(operators: root.prices, shipped: HostLayout.shippedPrices).read()
        let exists = FileManager.default.fileExists(atPath: root.hostConfig)
        let hasProviders = FileManager.default.fileExists(atPath: root.providersFile)
        if options.json {
            let answer: JSON = [
                "ok": true, "file": .string(root.hostConfig), "exists": .bool(exists),
                "providers_file": .string(root.providersFile), "providers_file_exists": .bool(hasProviders),
                "providers": .integer(providers.entries.count),
            ]
            print(answer.text)
        } else {
            print(
                exists ? "\(root.hostConfig) is right." : "There is no \(root.hostConfig): every value is the default."
            )
            if hasProviders { print("\(root.providersFile) is right.") }
        }
    }
}

struct ConfigShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every value in force, defaults included. Secrets are not part of it."
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let providers = try ProvidersConfiguration.read(root, ProvidersFile.Context(root, configuration))
        let values = configuration.values + providers.values
        if options.json {
            var object = JSONObject()
            for (key, value) in values { object[key] = value }
            print(JSON.object(object).text)
        } else {
            let rows = values.map { [$0.key, $0.value.stringValue ?? $0.value.text] }
            print(TextTable(header: ["KEY", "VALUE"], rows: rows).text)
        }
    }
}

extension HostConfiguration {
    /// Every value in force by its path in the file.
    var values: [(key: String, value: JSON)] {
        [
            ("http.host", .string(host)),
            ("http.port", .integer(port)),
            ("http.max_body_bytes", .integer(http.maxBodyBytes)),
            ("http.max_header_bytes", .integer(http.maxHeaderBytes)),
            ("http.max_header_count", .integer(http.maxHeaderCount)),
            ("http.max_nesting", .integer(http.maxNesting)),
            ("http.body_timeout_s", .integer(http.bodySeconds)),
            ("http.idle_timeout_s", .integer(http.idleSeconds)),
            ("http.heartbeat_s", .integer(http.heartbeatSeconds)),
            ("http.allowed_origins", .string(http.allowedOrigins.joined(separator: ", "))),
            ("http.public_docs", .bool(http.isDocumentationPublic)),
            ("audit.mode", .string(auditMode.rawValue)),
            ("calls.timeout", time(callTimeout)),
            ("calls.max_abandoned", .integer(maxAbandonedCalls)),
            ("isolation.bundled", .string(mode(.bundled))),
            ("isolation.installed", .string(mode(.installed))),
            ("isolation.local", .string(mode(.local))),
            ("workers.start_timeout", time(workers.startTimeout)),
            ("workers.cancel_grace", time(workers.cancelGrace)),
            ("workers.ping_interval", time(workers.pingInterval)),
            ("workers.drain_timeout", time(workers.drainTimeout)),
            ("workers.max_lingering", time(workers.maxLingering)),
            ("workers.sample_interval", time(workers.sampleInterval)),
            ("workers.max_calls", .integer(workers.maxCalls)),
            ("workers.max_log_lines_per_second", .integer(workers.maxLogLinesPerSecond)),
            ("workers.max_faults", .integer(restarts.maxFaults)),
            ("workers.fault_window", time(.seconds(restarts.windowSeconds))),
            ("workers.first_restart_delay", time(.milliseconds(restarts.firstDelayMilliseconds))),
            ("workers.max_restart_delay", time(.milliseconds(restarts.maxDelayMilliseconds))),
            ("streams.first_event", time(streams.firstEvent)),
            ("streams.gap", time(streams.gap)),
            ("streams.stall", time(streams.stall)),
            ("websocket.max_message_bytes", .integer(http.sessions.maxMessageBytes)),
            ("websocket.max_streams", .integer(http.sessions.maxStreams)),
            ("websocket.window", .integer(http.sessions.window)),
            ("websocket.hello_timeout", time(.milliseconds(http.sessions.helloMilliseconds))),
            ("websocket.ping_interval", time(.milliseconds(http.sessions.pingMilliseconds))),
            ("websocket.max_age", time(.milliseconds(http.sessions.maxAgeMilliseconds))),
            ("websocket.resume_ttl", time(.milliseconds(http.sessions.resumeMilliseconds))),
            ("websocket.stall", time(.milliseconds(http.sessions.stallMilliseconds))),
            ("telemetry.otlp.endpoint", .string(telemetry.shownEndpoint)),
            ("telemetry.otlp.headers_env", .string(telemetry.headersVariableInForce)),
            ("telemetry.otlp.sample", .double(telemetry.sample)),
            ("telemetry.otlp.queue", .integer(telemetry.maxQueuedSpans)),
            ("log.level", .string(logLevel.rawValue)),
            ("store.index", .string(store.index)),
            ("store.allow_unsigned", .bool(store.allowsUnsigned)),
            ("store.allow_http", .bool(store.download.allowsPlainHTTP)),
            ("store.max_age_days", store.maxAgeDays.map(JSON.integer) ?? "as the index says"),
            ("store.rules.require", .string(store.rules.require.rawValue)),
            ("store.rules.inproc", .bool(store.rules.allowsInProcess)),
            ("store.rules.owners.allow", Self.list(store.rules.allowedOwners)),
            ("store.rules.owners.deny", Self.list(store.rules.deniedOwners)),
            ("store.rules.permissions.allow", Self.list(store.rules.allowedPermissions)),
            ("store.rules.permissions.deny", Self.list(store.rules.deniedPermissions)),
        ] + plugins.keys.sorted().flatMap(pluginValues)
    }

    private static func list(_ names: Set<String>?) -> JSON {
        names.map { .string($0.isEmpty ? "none" : $0.sorted().joined(separator: ", ")) } ?? "all"
    }

    /// What is said about one plugin, but for its own configuration, which may hold anything.
    private func pluginValues(_ name: String) -> [(key: String, value: JSON)] {
        guard let plugin = plugins[name] else { return [] }
        let own = isolation.plugins[name]
        let values: [(String, JSON?)] = [
            ("enabled", .bool(plugin.isEnabled)),
            ("allow_hosts", plugin.allowedHosts.isEmpty ? nil : .string(plugin.allowedHosts.joined(separator: ", "))),
            ("allow_private_hosts", .bool(plugin.allowsPrivateHosts)),
            ("isolation", (own?.mode?.rawValue).map(JSON.string)),
            ("limits.memory_mb", own?.memoryMB.map { .integer($0) }),
            ("limits.threads", own?.threads.map { .integer($0) }),
            ("limits.open_files", own?.openFiles.map { .integer($0) }),
        ]
        return values.compactMap { key, value in value.map { ("plugins.\(name).\(key)", $0) } }
    }

    /// As the file spells it.
    private func time(_ duration: Duration) -> JSON {
        let (seconds, attoseconds) = duration.components
        guard attoseconds > 0 else { return .string("\(seconds)s") }
        return .string("\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms")
    }

    private func mode(_ origin: PluginFolder.Origin) -> String {
        (isolation.origins[origin] ?? IsolationPolicy.standardMode(origin)).rawValue
    }
}
