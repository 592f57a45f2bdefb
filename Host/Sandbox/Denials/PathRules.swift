import Glibc

/// Which paths a worker may open, as far as a path tells: for reports only, Landlock decides.
struct PathRules: Sendable {
    private let readable: [String]
    private let writable: [String]

    init(_ profile: SandboxProfile) {
        readable = Self.withRealPaths(SystemPaths.readable + profile.readablePaths)
        writable = Self.withRealPaths(SystemPaths.writable + profile.writablePaths)
    }

    func allows(_ path: String, writing: Bool) -> Bool {
        if writable.contains(where: { path.isInside($0) }) { return true }
        return !writing && readable.contains { path.isInside($0) }
    }

    /// The paths as they are given and with their links resolved, as /lib and /usr/lib.
    private static func withRealPaths(_ paths: [String]) -> [String] {
        var all: [String] = []
        for path in paths {
            let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
            for form in [trimmed, RealPath.of(Array(path.utf8)).path ?? trimmed] where !all.contains(form) {
                all.append(form)
            }
        }
        return all
    }
}

extension String {
    fileprivate func isInside(_ folder: String) -> Bool {
        hasPrefix(folder) && (utf8.count == folder.utf8.count || folder == "/" || dropFirst(folder.count).first == "/")
    }
}

/// realpath(3).
enum RealPath {
    /// The path without links, or the errno that says why there is none.
    static func of(_ path: [UInt8]) -> (path: String?, errno: Int32) {
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        guard let resolved = realpath(terminated, nil) else { return (nil, Glibc.errno) }
        defer { free(resolved) }
        return (String(cString: resolved), 0)
    }
}
