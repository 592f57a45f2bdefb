import Foundation

/// A folder for the length of a dry load, in place of the plugin's own: what it writes there is nobody's.
struct ScratchFolder {
    /// nil when it was not wanted, or could not be made.
    let path: String?

    init(isWanted: Bool) {
        let path = NSTemporaryDirectory() + "praximous-" + UUID().uuidString
        let isMade =
            isWanted
            && (try? FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )) != nil
        self.path = isMade ? path : nil
    }

    func remove() {
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }
}
