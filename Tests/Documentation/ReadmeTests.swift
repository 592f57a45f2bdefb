import Foundation
import Testing

/// The README is followed as a stranger would: its commands run as they stand, in order, in one shell.
@Suite struct ReadmeTests {
    @Test("every command of the README works, in order, on an empty installation")
    func commandsWork() throws {
        let folder = try TemporaryInstallation()
        defer { folder.remove() }
        // The host under test, not one that an earlier `make build` may have left in dist/.
        let script = try Self.commandBlocks(of: "README.md").joined(separator: "\n")
            .replacingOccurrences(of: "$PWD/dist/bin", with: folder.path + "/bin")
        #expect(script.contains("plugins install json_query"))
        let run = try folder.run("set -euo pipefail\n" + script)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("praximous/json-query"))
        #expect(run.output.contains("Praximous-Acme-West"))
    }

    @Test("the README's configuration is what the host takes for granted")
    func configurationIsTheDefault() throws {
        let folder = try TemporaryInstallation()
        defer { folder.remove() }
        let before = try folder.run("prax-host config show --json")
        let yaml = try #require(try Self.blocks(of: "README.md", tagged: "yaml").first)
        try folder.write(yaml, to: "config/praximous.yaml")
        let after = try folder.run("prax-host config check && prax-host config show --json | tail -n 1")
        #expect(after.status == 0, "\(after.output)")
        #expect(after.output.hasSuffix(before.output))
    }

    /// All ```sh blocks but the one that starts the whole build.
    static func commandBlocks(of path: String) throws -> [String] {
        try blocks(of: path, tagged: "sh").filter { !$0.contains("make run") }
    }

    static func blocks(of path: String, tagged tag: String) throws -> [String] {
        let text = try String(contentsOfFile: TemporaryInstallation.packageRoot + "/" + path, encoding: .utf8)
        var blocks: [String] = []
        var current: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = current {
                if line == "```" {
                    blocks.append(lines.joined(separator: "\n") + "\n")
                    current = nil
                } else {
                    current = lines + [line]
                }
            } else if line == "```" + tag {
                current = []
            }
        }
        return blocks
    }
}
