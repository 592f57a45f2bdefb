import Foundation

/// Where a link of /proc leads.
enum ProcLink {
    static func destination(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
