import Foundation

/// Where things are, seen from the tests.
package enum SourceTree {
    /// The root of the package, links resolved.
    package static let root: String = {
        let file = URL(filePath: #filePath).resolvingSymlinksInPath()
        return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .path(percentEncoded: false).trimmedSlash
    }()

    package static func path(_ relative: String) -> String { root + "/" + relative }

    /// The host under test: `PRAX_HOST_BIN`, else the debug build.
    package static var hostExecutable: String {
        ProcessInfo.processInfo.environment["PRAX_HOST_BIN"] ?? path(".build/debug/prax-host")
    }

    /// The bundled skills: `PRAX_BUNDLED_PLUGINS`, else the tree that `make test` assembles.
    package static var bundledPlugins: String {
        ProcessInfo.processInfo.environment["PRAX_BUNDLED_PLUGINS"] ?? path(".build-plugins/tree")
    }

    /// Whether the host under test is the debug build, which has what only tests use.
    package static var isDebugHost: Bool { hostExecutable.contains("/debug/") }

    /// Whether the long versions of tests were asked for.
    package static var isLongRun: Bool { ProcessInfo.processInfo.environment["PRAX_LONG"] == "1" }
}

/// A folder of its own for one test; gone when nobody holds it any more.
package final class ScratchFolder: Sendable {
    package let path: String

    package init() throws {
        path =
            FileManager.default.temporaryDirectory.appending(path: "prax-test-" + UUID().uuidString)
            .path(percentEncoded: false).trimmedSlash
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making the folders above it, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path(percentEncoded: false)
    }
}

extension String {
    fileprivate var trimmedSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
