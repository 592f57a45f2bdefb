import Foundation
import TestSupport

/// `test/curious`: a local plugin that looks where it may not, talks in pieces and falls over, as it is asked to.
enum CuriousPlugin {
    static let name = "test/curious"
    private static let operations = ["look", "talk", "crash", "refuse"]

    /// Its folder; a `nosy` one looks while it is being created as well.
    static func folder(isNosy: Bool = false) throws -> String { try folder(variant: isNosy ? "nosy" : "plain") }

    static func folder(variant: String) throws -> String {
        try PluginFixture.folder(
            source: SourceTree.path("Tests/Acceptance/Fixtures/curious.c"),
            manifest: PluginFixture.manifest(name: name, taskType: "curious", operations: operations),
            variant: variant
        )
    }

    /// Lends an installation that has it among its local plugins.
    static func installed<Result>(
        isNosy: Bool = false,
        config: String? = nil,
        files: [String: String] = [:],
        environment: [String: String] = [:],
        arguments: [String] = [],
        isStarted: Bool = true,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        let source = try folder(isNosy: isNosy)
        return try await RunningHost.with(
            config: config,
            files: files,
            environment: environment,
            arguments: arguments,
            isStarted: false
        ) { host in
            let local = host.root + "/plugins/local"
            try FileManager.default.createDirectory(atPath: local, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: source, toPath: local + "/curious")
            if isStarted { try await host.start() }
            return try await body(host)
        }
    }

    /// Lends a host with which it ships, as its only skill, and which runs it in a worker.
    static func bundled<Result>(
        variant: String = "plain",
        config: String = "isolation: { bundled: process }\n",
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        let shipped = try ScratchFolder()
        defer { withExtendedLifetime(shipped) {} }
        try FileManager.default.copyItem(atPath: try folder(variant: variant), toPath: shipped.path + "/curious")
        let environment = ["PRAX_BUNDLED_PLUGINS": shipped.path]
        return try await RunningHost.with(config: config, environment: environment, body)
    }

    /// An entry that holds the plugin back.
    static let quarantined = [
        "data/state/quarantine/test__curious.json": """
        {"plugin":"test/curious","version":"1.0.0","reason":"5 faults within 10 minutes, at last it crashed with \
        signal 11","kind":"crashed","since":"2026-11-24T08:00:00Z","faults":5}
        """
    ]
}
