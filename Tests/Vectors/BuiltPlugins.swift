import Foundation
import Synchronization
import TestSupport
import Testing

/// The libraries that the build left beside the tests, each loaded once.
enum BuiltPlugins {
    private static let loaded = Mutex<[String: PluginDriver]>([:])

    static func driver(_ name: String) throws -> PluginDriver {
        try loaded.withLock { loaded in
            if let driver = loaded[name] { return driver }
            let driver = try PluginDriver(library: folder.appending(path: "lib\(name).so").path)
            loaded[name] = driver
            return driver
        }
    }

    private static var folder: URL {
        if let given = ProcessInfo.processInfo.environment["PRAX_PLUGIN_BUILD"] { return URL(filePath: given) }
        return Vector.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/debug")
    }
}
