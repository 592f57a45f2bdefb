package import Core
package import Manifests
package import PluginRuntime

/// What the operator says about isolation, in config/praximous.yaml and on the command line.
package struct IsolationSettings: Sendable, Hashable {
    package typealias Mode = Manifest.IsolationWish.Mode

    /// What is said about one plugin; nil leaves it to the plugin and the host.
    package struct Plugin: Sendable, Hashable {
        package var mode: Mode?
        package var memoryMB: Int?
        package var threads: Int?
        package var openFiles: Int?

        package init(mode: Mode? = nil, memoryMB: Int? = nil, threads: Int? = nil, openFiles: Int? = nil) {
            self.mode = mode
            self.memoryMB = memoryMB
            self.threads = threads
            self.openFiles = openFiles
        }
    }

    /// By the plugin's full name.
    package var plugins: [String: Plugin]
    package var origins: [PluginFolder.Origin: Mode]
    /// `serve --isolation`: nothing runs looser.
    package var minimum: Mode?

    package init(
        plugins: [String: Plugin] = [:],
        origins: [PluginFolder.Origin: Mode] = [:],
        minimum: Mode? = nil
    ) {
        self.plugins = plugins
        self.origins = origins
        self.minimum = minimum
    }
}

extension IsolationSettings {
    /// Reads the section `isolation: {bundled: MODE, installed: MODE, local: MODE}`.
    package mutating func readOrigins(_ section: YAMLMapping) {
        for origin in [PluginFolder.Origin.bundled, .installed, .local] {
            if let mode = section.word(origin.rawValue, Mode.self) { origins[origin] = mode }
        }
        section.finish()
    }

    /// Reads what stands about isolation in one entry below `plugins:`; the caller finishes the entry.
    ///
    /// That is `isolation: MODE` and `limits: {memory_mb: N, threads: N, open_files: N}`.
    package mutating func readPlugin(_ name: String, _ entry: YAMLMapping) {
        var plugin = Plugin(mode: entry.word("isolation", Mode.self))
        if let limits = entry.mapping("limits") {
            plugin.memoryMB = limits.int("memory_mb", in: 16...1_048_576)
            plugin.threads = limits.int("threads", in: 1...4096)
            plugin.openFiles = limits.int("open_files", in: 8...65_536)
            limits.finish()
        }
        if plugin != Plugin() { plugins[name] = plugin }
    }
}
