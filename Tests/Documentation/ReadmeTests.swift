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
        let yaml = try #require(try Self.blocks(of: "README.md", tagged: "yaml").first { $0.hasPrefix("http:") })
        try folder.write(yaml, to: "config/praximous.yaml")
        let after = try folder.run("prax-host config check && prax-host config show --json | tail -n 1")
        #expect(after.status == 0, "\(after.output)")
        #expect(after.output.hasSuffix(before.output))
    }

    @Test("every providers.yaml of the README is right")
    func providersAreRight() throws {
        let blocks = try Self.blocks(of: "README.md", tagged: "yaml").filter { $0.contains("providers:") }
        #expect(blocks.count >= 7)
        for block in blocks {
            let folder = try TemporaryInstallation()
            defer { folder.remove() }
            try folder.write(block, to: "config/providers.yaml")
            let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "AZURE_OPENAI_API_KEY"]
            let check = try folder.run(keys.map { "export \($0)=k\n" }.joined() + "prax-host config check")
            #expect(check.status == 0, "\(block)\n\(check.output)")
        }
    }

    @Test("every command of the store's README works, in order, from nothing to a machine without a network")
    func storeCommandsWork() throws {
        let folder = try TemporaryInstallation()
        defer { folder.remove() }
        let blocks = try Self.blocks(of: "registry/README.md", tagged: "sh")
        #expect(blocks.count == 5)
        let script = """
            set -euo pipefail
            top=$PWD
            mkdir \(folder.path)/work && cd \(folder.path)/work
            \(Self.helloPackage)
            \(blocks.joined(separator: "\n"))
            for host in second third fourth; do prax-host --root $host plugins verify acme/hello; done
            echo "audited: $(prax-host --root second audit list | grep -c 'plugins.install')"
            prax-host --root fifth plugins index add corp "$PWD/store" --root-file $top/registry/1.root.json || echo "exit $?"
            """
        let run = try folder.run(script)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("Root 2 is the store's."))
        #expect(run.output.matches(of: /acme\/hello 1\.0\.0 installed, signed by trusted/).count == 3, "\(run.output)")
        #expect(run.output.contains("audited: 1"))
        // Another store's root believes nothing of this one.
        #expect(run.output.hasSuffix("exit 4\n"), "\(run.output)")
    }

    /// Makes plugins/hello of the echo skill, from the top of the repository in `top`.
    private static let helloPackage = #"""
        arch=$(uname -m)
        mkdir -p plugins/hello/lib/linux-$arch
        sed -e 's#name: praximous/echo#name: acme/hello#; s#task_type: echo#task_type: hello#' \
            -e "s#entry: .*#entry: { linux-$arch: lib/linux-$arch/skill.so }#" \
            $top/Plugins/Skills/echo/skill.yaml > plugins/hello/skill.yaml
        sed 's#praximous/echo#acme/hello#' $top/Plugins/Skills/echo/echo.c > hello.c
        cc -std=c11 -O1 -fPIC -fvisibility=hidden -shared -I$top/PluginAPI/include \
            -Wl,--version-script=$top/PluginAPI/exports.map -o plugins/hello/lib/linux-$arch/skill.so hello.c
        """#

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
