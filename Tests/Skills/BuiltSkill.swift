import Foundation
import TestSupport

/// The skills as they are shipped: the built libraries, driven through the C table.
enum BuiltSkill {
    static let sentimentAnalyzer = load("sentiment_analyzer")
    static let piiRedactor = load("pii_redactor")

    /// A new instance before a host that behaves as told.
    static func load(_ name: String, host: FakeHost = FakeHost()) -> Result<PluginDriver, any Error> {
        let folder = ProcessInfo.processInfo.environment["PRAX_PLUGIN_BUILD"] ?? SourceTree.path(".build/debug")
        return Result { try PluginDriver(library: "\(folder)/lib\(name).so", host: host) }
    }
}
