import Core
import Foundation
import PluginRuntime

/// A folder with skill.yaml and, in src/, the sources of its library.
struct PluginProject {
    let folder: PluginFolder
    let language: ProjectLanguage
    /// Absolute paths, sorted.
    let sources: [String]

    var path: String { folder.path }
    /// Where what the compilers leave behind goes.
    var scratch: String { path + "/.build" }

    init(_ path: String) throws {
        folder = try PluginFolder(path: PluginReference.folder(path), origin: .local)
        let found = Self.files(below: folder.path + "/src")
        let languages = ProjectLanguage.allCases.filter { language in
            found.contains { $0.hasSuffix("." + language.suffix) }
        }
        guard let language = languages.first, languages.count == 1 else {
            let words = languages.map(\.title).joined(separator: " and ")
            throw CommandFailure(
                .notFound,
                languages.isEmpty
                    ? "\(folder.path)/src holds no source file of a language that can be built (.c, .cpp, .rs, .swift)."
                    : "\(folder.path)/src holds sources in \(words); one language is expected.",
                hint: "Build it with tools of your own, and put the library where skill.yaml's `entry` says.",
                code: "no_sources"
            )
        }
        self.language = language
        sources = found.filter { $0.hasSuffix("." + language.suffix) }
    }

    /// Where skill.yaml expects the library for a platform.
    func library(for platform: String) throws -> String {
        guard let entry = folder.manifest.entry[platform] else {
            throw CommandFailure(
                .notFound,
                "skill.yaml names no library for \(platform), only for "
                    + folder.manifest.entry.keys.sorted().joined(separator: ", ") + ".",
                hint: "Add `\(platform): lib/\(platform)/skill.so` to `entry`.",
                code: "no_entry_for_platform"
            )
        }
        return path + "/" + entry
    }

    private static func files(below folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.sorted().map { folder + "/" + $0 }
    }
}
