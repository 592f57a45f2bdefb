import Foundation

/// What a project's sources looked like at a moment: a rebuild is due when it differs.
struct SourceStamp: Equatable {
    private let files: [String: [Int]]

    /// skill.yaml and what is below src/; not what a build writes.
    init(_ project: String) {
        var files: [String: [Int]] = [:]
        for path in [project + "/skill.yaml"] + Self.below(project + "/src") {
            var info = stat()
            guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { continue }
            files[path] = [Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
        }
        self.files = files
    }

    /// The folders to watch.
    static func folders(_ project: String) -> [String] {
        let source = project + "/src"
        var isFolder: ObjCBool = false
        let below = below(source).filter {
            FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue
        }
        return [project, source] + below
    }

    private static func below(_ folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).map { folder + "/" + $0 }
    }
}
