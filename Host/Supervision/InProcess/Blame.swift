import CLinux
package import Core
import Glibc

/// Makes the host say which plugin took it down, in ``InstallationRoot/blameFile``.
package enum Blame {
    /// Opens the report and installs the handlers for fatal signals and exits, once and before any plugin is loaded.
    ///
    /// Only in the host itself, after the last report has been read.
    package static func install(_ root: InstallationRoot) throws(StateError) {
        try StateFile.makeFolder(root.stateFolder)
        let result = prax_blame_install(root.blameFile)
        guard result == 0 else {
            throw .cannotWrite(path: root.blameFile, reason: String(cString: strerror(result)))
        }
    }

    /// The number under which this plugin is blamed; 0 for nobody once there are too many.
    package static func register(_ plugin: PluginName) -> Int32 { prax_blame_add_plugin(plugin.description) }
}
