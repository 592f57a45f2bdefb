import Foundation
import TestSupport
import Testing

@Suite("A bundled Swift plugin") struct SkillExportTests {
    @Test("shows one symbol: every one is linked with the version script")
    func versionScript() throws {
        let manifest = try PackageManifest()
        let inSwift = try ["Plugins/Skills", "Plugins/Providers"].flatMap { kind in
            try FileManager.default.contentsOfDirectory(atPath: SourceTree.path(kind)).filter {
                FileManager.default.fileExists(atPath: SourceTree.path("\(kind)/\($0)/Sources"))
            }
        }
        #expect(inSwift.count == 16)
        #expect(manifest.swiftSkills.sorted() == inSwift.sorted())
        #expect(Self.targetsWithoutScript(manifest.text) == [])
        let script = try SourceFile(reading: "PluginAPI/exports.map").text.filter { !$0.isWhitespace }
        #expect(script.hasSuffix("{global:prax_plugin_entry;local:*;};"))
    }

    @Test("without the script would be noticed")
    func selfTest() {
        let without = ".target(\n name: \"Made\",\n path: \"Plugins/Skills/made\"\n)"
        #expect(Self.targetsWithoutScript(without).count == 1)
        let with =
            ".target(name: \"Made\", path: \"Plugins/Skills/made\", a: [\"--version-script=PluginAPI/exports.map\"])"
        #expect(Self.targetsWithoutScript(with) == [])
    }

    /// The targets below Plugins that are linked without it, each by what stands around its path.
    private static func targetsWithoutScript(_ text: String) -> [String] {
        text.split(separator: ".target(", omittingEmptySubsequences: false).dropFirst().map(String.init).filter {
            $0.contains("path: \"Plugins/") && !$0.contains("--version-script=PluginAPI/exports.map")
        }
    }
}
