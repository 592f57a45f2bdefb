import Testing

/// Something no source file may hold.
struct SourceRule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let folders: [String]
    var suffixes = [".swift"]
    /// Texts that the rule must find something in, and one that it must let pass: so that it is known to work.
    let bad: [String]
    let good: String
    /// The lines (from 1) that break the rule.
    let find: @Sendable (SourceFile) -> [Int]

    func violations(in file: SourceFile) -> [String] { find(file).map { "\(file.path):\($0)" } }

    static let all = [unfinished, unchecked, traps, access, length]

    private static let unfinished = SourceRule(
        testDescription: "marks of unfinished work",
        folders: ["Host", "PluginAPI", "Plugins", "registry/skills"],
        suffixes: [".swift", ".h", ".c", ".hpp", ".cpp", ".yaml", ".md"],
        bad: ["// " + "TODO: later", "/* " + "FIXME */", "let a = 1 // " + "XXX"],
        good: "/* \\u" + "XXXX is an escape */",
        find: { $0.lineNumbers(mentioning: "TODO", "FIXME", "XXX") { $0.contains(/\b(?:TODO|FIXME|XXX)\b/) } }
    )

    private static let traps = SourceRule(
        testDescription: "words that end the process when they are wrong",
        folders: ["Host", "Plugins"],
        bad: ["let a = try! f()", "let a = b as! C", "    fatalError(\"no\")"],
        good: "let a = try? f() // never as in try!\nlet text = b as? C",
        find: { file in
            file.lineNumbers(mentioning: "try!", "as!", "fatalError(") {
                $0.withoutComment.contains(/\btry!|\bas!|\bfatalError\(/)
            }
        }
    )

    private static let unchecked = SourceRule(
        testDescription: "promises to the compiler without a word why they hold",
        folders: ["Host", "PluginAPI/JSON", "PluginAPI/Swift", "Plugins"],
        bad: [
            "final class A: @unchecked Sendable {\n    var b = 1\n}",
            "\n\n\n\n\nnonisolated(unsafe) var a = 1\n\n\n\n\n// too far",
        ],
        good: "/// @unchecked Sendable: touched only under the lock.\nfinal class A: @unchecked Sendable {}",
        find: { file in
            let lines = file.lines
            let promises = file.lineNumbers(mentioning: "@unchecked Sendable", "nonisolated(unsafe)") {
                $0.withoutComment.contains(/@unchecked Sendable|nonisolated\(unsafe\)/)
            }
            return promises.filter { number in
                !lines[max(0, number - 5)..<min(lines.count, number + 4)].contains { $0.mentions("//") }
            }
        }
    )

    private static let access = SourceRule(
        testDescription: "public declarations beyond the plugin API and the entry points",
        folders: ["Host", "Plugins"],
        bad: ["public struct A {}", "    public let a = 1", "@inlinable public func a() {}", "open class A {}"],
        good:
            "@c(prax_plugin_entry) public func entry() {}\n/// The public half.\npublic import Core\nlet a = \"public x\"",
        find: { file in
            file.lineNumbers(mentioning: "public", "open") {
                let line = $0.withoutComment
                return line.contains(/^\s*(?:@\S+\s+)*(?:public|open)\s+(?!import\b)/)
                    && !line.contains("@c(prax_plugin_entry)")
            }
        }
    )

    private static let length = SourceRule(
        testDescription: "files of more than 400 lines",
        folders: ["Host", "PluginAPI"],
        suffixes: [".swift", ".h", ".c"],
        bad: [String(repeating: "line\n", count: 401)],
        good: String(repeating: "line\n", count: 400),
        find: { $0.lineCount > 400 ? [$0.lineCount] : [] }
    )
}

extension Substring {
    /// The line up to a `//` that is not part of an address.
    fileprivate var withoutComment: Substring {
        guard let comment = firstRange(of: /(?:^|[^:])\/\//) else { return self }
        return self[..<comment.lowerBound]
    }
}
