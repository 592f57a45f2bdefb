import Foundation

/// Where the parts that ship with the host lie, seen from the executable: `bin/prax-host`, `lib/praximous/…`,
/// `share/praximous/…`.
enum HostLayout {
    /// The running executable, links resolved.
    static let executable =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]

    static let prefix = URL(fileURLWithPath: executable).deletingLastPathComponent().deletingLastPathComponent().path

    /// The skills that ship with the host.
    ///
    /// `PRAX_BUNDLED_PLUGINS` names another folder, for a build tree.
    static var bundledPlugins: String {
        ProcessInfo.processInfo.environment["PRAX_BUNDLED_PLUGINS"] ?? prefix + "/lib/praximous/plugins"
    }

    /// The official store as it was when this host was built: it works without a network.
    static var defaultIndex: String {
        ProcessInfo.processInfo.environment["PRAX_STORE_INDEX"] ?? prefix + "/share/praximous/store/skills.json"
    }

    /// What well-known models cost, as it was when this host was built.
    ///
    /// `PRAX_PRICES` names another file, for a build tree.
    static var shippedPrices: String {
        ProcessInfo.processInfo.environment["PRAX_PRICES"] ?? prefix + "/share/praximous/prices.yaml"
    }

    /// Where the SDK for plugin authors may lie, the first choice first.
    ///
    /// `PRAX_SDK` names another. A build tree lies inside the repository, whose PluginAPI is the same folder.
    static var sdkCandidates: [String] {
        if let named = ProcessInfo.processInfo.environment["PRAX_SDK"], !named.isEmpty { return [named] }
        let installed = prefix + "/share/praximous/sdk"
        // .build/PLATFORM/debug/prax-host. Looking anywhere above an installed host would find what others put there.
        let buildFolder = URL(fileURLWithPath: prefix).deletingLastPathComponent()
        guard buildFolder.lastPathComponent.hasPrefix(".build") else { return [installed] }
        return [installed, buildFolder.deletingLastPathComponent().path + "/PluginAPI"]
    }
}
