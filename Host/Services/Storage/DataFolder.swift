package import Core
import Glibc
import Storage

/// A folder of a plugin's own, mode 0700, `data/plugins/OWNER__NAME`.
package struct DataFolder: Sendable, Hashable {
    package let path: String

    /// Makes the folder unless it is there.
    ///
    /// A symbolic link or another user's folder in its place is refused: the plugin would write where it leads.
    package init(of plugin: PluginName, in root: InstallationRoot) throws(DataFolderError) {
        do {
            try PrivateFile.createFolder(root.pluginDataFolder)
        } catch {
            throw DataFolderError(path: root.pluginDataFolder, reason: "\(error)")
        }
        path = root.pluginDataFolder + "/" + plugin.folderName
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw DataFolderError(path: path, number: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataFolderError(path: path, number: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DataFolderError(path: path, number: errno) }
        guard status.st_uid == geteuid() else {
            throw DataFolderError(path: path, reason: "it belongs to user \(status.st_uid), not to the host's")
        }
        guard fchmod(descriptor, 0o700) == 0 else { throw DataFolderError(path: path, number: errno) }
    }

    /// What the folder takes of the disk now; reads every folder below, so not for every call.
    package func usage(limits: FolderScan.Limits = FolderScan.Limits()) -> FolderScan {
        FolderScan(path, limits: limits)
    }
}

/// Why a plugin's own folder cannot be used.
package struct DataFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String {
        "the plugin's folder \(path) cannot be used: \(reason); move away what is there, or make data/plugins writable"
    }
}

extension DataFolderError {
    init(path: String, number: Int32) { self.init(path: path, reason: String(cString: strerror(number))) }
}

extension InstallationRoot {
    /// The folders of the plugins that were granted `storage.dir`.
    package var pluginDataFolder: String { dataFolder + "/plugins" }
}
