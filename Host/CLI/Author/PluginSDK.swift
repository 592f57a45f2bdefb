import Core
import Foundation

/// What plugins are built with: headers, the list of exports, the SDK of each language and the templates.
struct PluginSDK {
    let path: String

    var headers: String { path + "/include" }
    var exportsMap: String { path + "/exports.map" }
    var templates: String { path + "/templates" }
    var rustABI: String { path + "/rust/abi.rs" }

    /// The sources of one of the SDK's Swift modules, sorted.
    func swiftSources(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
            .filter { $0.hasSuffix(".swift") }.map { "\(path)/\(folder)/\($0)" }
    }

    /// The one that came with this host.
    static func find() throws -> PluginSDK {
        for candidate in HostLayout.sdkCandidates
        where FileManager.default.fileExists(atPath: candidate + "/exports.map") { return PluginSDK(path: candidate) }
        throw CommandFailure(
            .notFound,
            "The SDK for plugins is not where this host looks for it: \(HostLayout.sdkCandidates[0]).",
            hint: "Install the whole tree (`make install`), or name the SDK's folder in PRAX_SDK.",
            code: "sdk_missing"
        )
    }
}
