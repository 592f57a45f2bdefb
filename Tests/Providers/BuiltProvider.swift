import Foundation
import PraximousJSON
import TestSupport

/// The providers as they are shipped: the built libraries, driven through the C table.
enum BuiltProvider {
    /// A new instance, with its entry's configuration, before a host that behaves as told.
    static func load(
        _ name: String,
        config: String = "{}",
        key: String = "",
        _ change: (inout FakeHost.Options) -> Void = { _ in }
    ) throws -> PluginDriver {
        var options = FakeHost.Options()
        options.config[""] = config
        if !key.isEmpty { options.secrets["api_key"] = Array(key.utf8) }
        change(&options)
        let folder = ProcessInfo.processInfo.environment["PRAX_PLUGIN_BUILD"] ?? SourceTree.path(".build/debug")
        return try PluginDriver(library: "\(folder)/lib\(name).so", host: FakeHost(options))
    }
}
