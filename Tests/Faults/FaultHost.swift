import Foundation
import PraximousJSON
import TestSupport

/// A host with the plugin that does harm and one that does not, with limits small enough for a quick test.
enum FaultHost {
    static func with<Result>(
        _ mode: IsolationMode,
        plugin: FaultPlugin = .plain,
        arguments: [String] = [],
        maxDescriptors: Int? = nil,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        let folders = try plugin.folders(mode)
        let hasDisk = plugin == .largeStore
        return try await RunningHost.with(
            config: config(mode),
            environment: ["PRAX_BUNDLED_PLUGINS": try FaultPlugin.bystanders.get().path],
            arguments: folders.flatMap { ["--plugin", $0] } + arguments,
            diskKilobytes: hasDisk ? 8 << 10 : nil,
            maxDescriptors: maxDescriptors,
            isStarted: false
        ) { host in
            if hasDisk { try moveValues(of: host) }
            try await host.start()
            return try await body(host)
        }
    }

    /// Puts the plugins' values on the small disk: where the audit log has no room either, nothing is answered at all.
    private static func moveValues(of host: RunningHost) throws {
        let data = host.root + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: data + "/plugins.db",
            withDestinationPath: "../\(RunningHost.diskFolder)/plugins.db"
        )
    }

    static func config(_ mode: IsolationMode, plugin: String = "acme/faults", memoryMB: Int = 256) -> String {
        """
        calls: { timeout: 5s }
        isolation: { local: \(mode.rawValue) }
        plugins:
          \(plugin):
            limits: { memory_mb: \(memoryMB), threads: 64, open_files: 64 }
        workers:
          start_timeout: 10s
          cancel_grace: 200ms
          ping_interval: 250ms
          max_faults: 5
          fault_window: 10m
          first_restart_delay: 50ms
          max_restart_delay: 1s
          drain_timeout: 2s
          sample_interval: 100ms
        streams: { first_event: 1s, gap: 1s, stall: 1s }

        """
    }
}

extension RunningHost {
    /// Calls an operation of the plugin that does harm.
    func fault(_ operation: String, _ parameters: JSON = [:]) async throws -> HTTPAnswer {
        try await process(Self.faultRequest(operation, parameters))
    }

    static func faultRequest(_ operation: String, _ parameters: JSON = [:], taskType: String = "faults") -> JSON {
        var members = parameters.objectValue ?? JSONObject()
        members["task_type"] = .string(taskType)
        members["operation"] = .string(operation)
        return .object(members)
    }

    func isHealthy() async -> Bool { (try? await get("/healthz"))?.status == 200 }

    /// The audit rows of this kind that name the plugin.
    func auditRows(kind: String, plugin: String = "acme/faults") async throws -> [JSON] {
        try await auditRows().filter { $0["kind"]?.stringValue == kind && $0.text.contains(plugin) }
    }

    /// Whether one of the audit rows has this code.
    func hasAudited(_ code: String) async throws -> Bool {
        try await auditRows().contains { $0["error_code"]?.stringValue == code }
    }

    /// All of them: a bystander's calls are many.
    private func auditRows() async throws -> [JSON] {
        var (rows, cursor): ([JSON], [String]) = ([], [])
        while true {
            let page = try JSON.parse(try await cli(["audit", "list", "--limit", "500", "--json"] + cursor).output)
            rows += page["events"]?.arrayValue ?? []
            guard let next = page["next"]?.stringValue else { return rows }
            cursor = ["--before", next]
        }
    }

    /// How many faults of each kind the plugin has had, from /metrics.
    func countedFaults(_ plugin: String = "acme/faults") async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in try await get("/metrics").text.split(separator: "\n") {
            guard line.hasPrefix("prax_plugin_faults_total{"), line.contains("plugin=\"\(plugin)\""),
                let kind = line.firstMatch(of: #/kind="([a-z_]+)"/#)?.1,
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { continue }
            counts[String(kind)] = Int(value)
        }
        return counts.filter { $0.value > 0 }
    }

    /// What the host says about one plugin.
    func pluginState(_ plugin: String = "acme/faults") async throws -> JSON? {
        let plugins = try await get("/api/v1/plugins").json["plugins"]?.arrayValue ?? []
        return plugins.first { $0["name"]?.stringValue == plugin }
    }

    /// The names of the plugins that are held back.
    func quarantined() async throws -> [String] {
        let listed = try await cli(["plugins", "quarantine", "list", "--json"])
        return try JSON.parse(listed.output)["quarantined"]?.arrayValue?.compactMap { $0["plugin"]?.stringValue } ?? []
    }
}

/// Waits for what comes in its own time.
enum Patience {
    /// Looks every 20 ms whether it is so, for at most so many seconds; whether it was.
    static func wait(seconds: Double, until isSo: () async throws -> Bool) async rethrows -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if try await isSo() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return try await isSo()
    }
}
