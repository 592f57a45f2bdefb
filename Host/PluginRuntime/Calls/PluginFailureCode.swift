import Core

extension Failure {
    package static let maxCodeBytes = 64

    /// The code that a plugin gave, or `plugin_failed` where that is no word for programs: it goes into answers and
    /// the audit log, where it must not look like anything else.
    package static func code(ofPlugin text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isWord && 1...maxCodeBytes ~= text.utf8.count ? text : "plugin_failed"
    }
}
