import Core
import Foundation

/// Whether the SDK's Swift modules in a project are still those of this host's SDK: they take longer to build than the
/// plugin itself.
struct SwiftModuleStamp {
    let folder: String
    let sdk: PluginSDK

    private var file: String { folder + "/stamp" }

    var isCurrent: Bool { (try? String(contentsOfFile: file, encoding: .utf8)) == text }

    /// To be called once they have been built.
    func write() throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }

    /// The host, the SDK and the newest of its files.
    private var text: String {
        let files = ["JSON", "Swift"].flatMap { (try? sdk.swiftSources($0)) ?? [] } + [sdk.headers]
        let times = files.compactMap {
            try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date
        }
        let newest = times.max()?.timeIntervalSince1970 ?? 0
        return "\(HostVersion.text) \(sdk.path) \(Int(newest))\n"
    }
}
