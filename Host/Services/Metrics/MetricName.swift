import Core
import PluginRuntime

/// What a metric and its labels may be called.
enum MetricName {
    /// `acme/pdf-extract` and `pages_total` make `prax_plugin_acme__pdf_extract_pages_total`.
    ///
    /// As in folder names two underscores part owner and name; no metric has two, so that none takes the place of
    /// another owner's. Two plugins of one owner may spell the same name; the second is told `.conflict`.
    static func full(_ name: String, of plugin: PluginName) -> String {
        "prax_plugin_" + plugin.folderName.replacing("-", with: "_") + "_" + name
    }

    static func isValid(_ definition: MetricDefinition, _ limits: MetricLimits) -> Bool {
        isWord(definition.name, limits)
            && definition.labels.allSatisfy { isWord($0, limits) }
            && Set(definition.labels).count == definition.labels.count
            // The page's own label for the bounds of a histogram.
            && !(definition.kind == .histogram && definition.labels.contains("le"))
    }

    private static func isWord(_ text: String, _ limits: MetricLimits) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= limits.maxNameBytes else { return false }
        let underscore = UInt8(ascii: "_")
        return text.utf8.allSatisfy { isLetter($0) || $0 &- UInt8(ascii: "0") < 10 || $0 == underscore }
            && !text.contains("__")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
