import Audit
import Core
import Egress
import Foundation
import HTTPAPI
import Logging
import Manifests
import PraximousJSON
import Gateway
import Registry
import Supervision
import Workers

/// Everything config/praximous.yaml decides, with the defaults of what it leaves out.
struct HostConfiguration {
    var host = "127.0.0.1"
    var port = 8000
    var http = HTTPAPI.HTTPLimits()
    var auditMode = AuditLog.Mode.group
    var callTimeout = Duration.seconds(30)
    /// How many calls of plugins inside the host may hold threads of it without coming back.
    var maxAbandonedCalls = 2
    var logLevel: Logger.Level = .info
    var store = StorePolicy(index: HostLayout.defaultIndex)
    /// What the operator configured for each plugin, by its full name.
    var plugins: [String: PluginConfiguration] = [:]
    var isolation = IsolationSettings()
    var workers = WorkerSettings()
    var restarts = RestartLimits()
    var streams = StreamLimits()
    /// nil: no plugin sends mail.
    var mail: MailConfiguration?
    var telemetry = TelemetryConfiguration()

    /// One entry below `plugins:`.
    struct PluginConfiguration {
        var isEnabled = true
        var config: JSON = [:]
        /// Hosts it may ask over HTTP beside those of its manifest, such as that of a configured `base_url`.
        var allowedHosts: [String] = []
        /// Whether the hosts it may ask over HTTP may lie on this machine or a private network.
        var allowsPrivateHosts = false
    }

    /// Reads the file of an installation; all defaults where there is none.
    ///
    /// Throws ``YAMLProblems`` with every mistake.
    static func read(_ root: InstallationRoot) throws -> HostConfiguration {
        guard FileManager.default.fileExists(atPath: root.hostConfig) else { return HostConfiguration() }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: root.hostConfig)))
        return try read(bytes, source: root.hostConfig)
    }

    static func read(_ bytes: [UInt8], source: String) throws -> HostConfiguration {
        var configuration = HostConfiguration()
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return configuration }
        let document = try YAMLDocument.parse(bytes, source: source)
        let report = YAMLReport(source: source)
        if let top = YAMLMapping(document.root, report) {
            if let http = top.mapping("http") { configuration.readHTTP(http) }
            if let audit = top.mapping("audit") {
                configuration.auditMode = audit.word("mode", AuditMode.self)?.mode ?? configuration.auditMode
                audit.finish()
            }
            if let calls = top.mapping("calls") {
                let range = Duration.milliseconds(10)...Duration.seconds(3600)
                configuration.callTimeout = calls.duration("timeout", in: range) ?? configuration.callTimeout
                configuration.maxAbandonedCalls =
                    calls.int("max_abandoned", in: 0...60) ?? configuration.maxAbandonedCalls
                calls.finish()
            }
            if let log = top.mapping("log") {
                configuration.logLevel = log.word("level", Logger.Level.self) ?? configuration.logLevel
                log.finish()
            }
            if let isolation = top.mapping("isolation") { configuration.isolation.readOrigins(isolation) }
            if let workers = top.mapping("workers") { configuration.readWorkers(workers) }
            if let streams = top.mapping("streams") { configuration.readStreams(streams) }
            if let mail = top.mapping("mail") { configuration.mail = MailConfiguration(mail, report) }
            if let telemetry = top.mapping("telemetry") { configuration.telemetry = TelemetryConfiguration(telemetry) }
            if let sockets = top.mapping("websocket") { configuration.readWebSockets(sockets) }
            if let store = top.mapping("store") { try configuration.readStore(store) }
            if let plugins = top.mapping("plugins") { configuration.readPlugins(plugins) }
            top.finish()
        }
        try report.check()
        return configuration
    }

    private enum AuditMode: String, CaseIterable {
        case strict, group
        var mode: AuditLog.Mode { self == .strict ? .strict : .group }
    }

    private mutating func readHTTP(_ section: YAMLMapping) {
        host = section.string("host") ?? host
        port = section.int("port", in: 0...65_535) ?? port
        http.maxBodyBytes = section.bytes("max_body_bytes", in: 1024...(1 << 30)) ?? http.maxBodyBytes
        http.maxHeaderBytes = section.bytes("max_header_bytes", in: 1024...80 << 10) ?? http.maxHeaderBytes
        http.maxHeaderCount = section.int("max_header_count", in: 8...1000) ?? http.maxHeaderCount
        http.maxNesting = section.int("max_nesting", in: 4...512) ?? http.maxNesting
        http.bodySeconds = section.int("body_timeout_s", in: 1...3600) ?? http.bodySeconds
        http.idleSeconds = section.int("idle_timeout_s", in: 1...3600) ?? http.idleSeconds
        http.heartbeatSeconds = section.int("heartbeat_s", in: 1...3600) ?? http.heartbeatSeconds
        http.allowedOrigins = section.strings("allowed_origins") ?? http.allowedOrigins
        for origin in http.allowedOrigins where !OriginRule.isOrigin(origin) {
            section.problem(
                "\(origin.quotedForMessage()) is no origin; write it as https://ui.example.com, or with its port",
                atKey: "allowed_origins"
            )
        }
        http.isDocumentationPublic = section.bool("public_docs") ?? http.isDocumentationPublic
        section.finish()
    }

    private mutating func readPlugins(_ section: YAMLMapping) {
        for name in section.keys {
            guard let entry = section.mapping(name) else { continue }
            if (try? PluginName.parse(name)) == nil {
                // Isolation written for a name that no plugin can have would be no isolation.
                section.problem(
                    "\(name.quotedForMessage()) is no plugin's name; a plugin is named OWNER/NAME here, "
                        + "such as praximous/echo (prax-host plugins list shows the names)",
                    atKey: name
                )
            }
            var plugin = PluginConfiguration()
            plugin.isEnabled = entry.bool("enabled") ?? true
            plugin.config = entry.value("config").flatMap { $0.json(entry.report) } ?? [:]
            plugin.allowedHosts = readHosts(entry)
            plugin.allowsPrivateHosts = entry.bool("allow_private_hosts") ?? false
            isolation.readPlugin(name, entry)
            entry.finish()
            plugins[name] = plugin
        }
        section.finish()
    }

    private func readHosts(_ entry: YAMLMapping) -> [String] {
        (entry.list("allow_hosts") ?? []).compactMap { node in
            guard let text = node.text("allow_hosts", entry.report) else { return nil }
            if Words.isHostPattern(text) { return text }
            entry.report.problem(
                "expected a host such as api.acme.example, *.acme.example or 127.0.0.1:8080 in allow_hosts, found "
                    + text.quotedForMessage(),
                at: node
            )
            return nil
        }
    }
}
