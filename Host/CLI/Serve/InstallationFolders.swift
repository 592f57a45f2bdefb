import Core
import Foundation

/// Makes the folders of an installation, readable by their owner alone.
enum InstallationFolders {
    static func create(_ root: InstallationRoot) throws {
        let folders = [
            root.path, root.configFolder, root.dataFolder, root.pluginsFolder, root.pluginsFolder + "/local",
            root.pluginsFolder + "/receipts", root.pluginsFolder + "/marks",
        ]
        for folder in folders {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw CommandFailure(
                    .refused,
                    "\(folder) cannot be made: \(error.localizedDescription)",
                    hint: "Choose a folder this user may write to: --root DIR"
                )
            }
        }
    }
}
