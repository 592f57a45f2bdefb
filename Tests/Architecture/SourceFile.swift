import Foundation
import TestSupport

/// One file of the repository, or a made-up one.
struct SourceFile: Sendable {
    /// From the root of the repository.
    let path: String
    let text: String

    /// Split by bytes: by characters takes half a minute for the whole repository in a debug build.
    var lines: [Substring] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    }
    var lineCount: Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

    /// The modules its import lines name.
    var imports: [String] {
        lines.compactMap { line in
            guard line.mentions("import") else { return nil }
            let pattern =
                /\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(\S.*)/
            guard let found = line.wholeMatch(of: pattern) else { return nil }
            // `import struct Module.Type` names the module, too.
            let words = found.1.split(separator: " ")
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = words.first.map(kinds.contains) == true ? words.dropFirst().first : words.first
            return name.map { String($0.prefix { $0 != "." }) }
        }
    }

    /// The files below these folders whose names end so.
    static func below(_ folders: String..., suffixes: String...) throws -> [SourceFile] {
        try folders.flatMap { folder in
            let names = try FileManager.default.subpathsOfDirectory(atPath: SourceTree.path(folder))
            return try names.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted().map { name in
                try SourceFile(reading: folder + "/" + name)
            }
        }
    }
}

extension SourceFile {
    /// A file of the repository; bytes that are no UTF-8 are replaced.
    init(reading path: String) throws {
        let data = try Data(contentsOf: URL(filePath: SourceTree.path(path)))
        self.init(path: path, text: String(decoding: data, as: UTF8.self))
    }
}
