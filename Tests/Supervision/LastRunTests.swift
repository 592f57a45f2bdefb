import Core
import Foundation
import Supervision
import Workers
import TestSupport
import Testing

@Suite("At its start the host") struct LastRunTests {
    private let folder: TemporaryFolder
    private let root: InstallationRoot
    private let weather: PluginName
    private let echo: PluginName
    private let version = SemanticVersion(1, 0, 0)

    init() throws {
        folder = try TemporaryFolder()
        root = InstallationRoot(folder.path)
        weather = try PluginName.parse("acme/weather")
        echo = try PluginName.parse("praximous/echo")
        try FileManager.default.createDirectory(atPath: root.stateFolder, withIntermediateDirectories: true)
    }

    @Test("finds nothing after an orderly end")
    func orderly() throws {
        let value = BootMarker(root).around(weather, version) {
            FileManager.default.fileExists(atPath: root.loadingFolder + "/acme__weather")
        }
        #expect(value)
        let last = settle()
        #expect(last.quarantined.isEmpty)
        #expect(last.problems.isEmpty)
    }

    @Test("takes the marker away when loading fails")
    func refused() {
        struct Refused: Error {}
        #expect(throws: Refused.self) { try BootMarker(root).around(weather, version) { throw Refused() } }
        #expect(BootMarker(root).left().plugins.isEmpty)
    }

    @Test("quarantines at once the plugin over whose loading the last host ended")
    func marker() throws {
        try BootMarker(root).put(weather, version)
        let last = settle()
        #expect(last.quarantined.map(\.reason) == ["the host ended while it was loading it"])
        #expect(last.suspects.isEmpty)
        #expect(try Quarantine(root).entry(weather, version)?.kind == "host_ended_while_loading")
        #expect(BootMarker(root).left().plugins.isEmpty)
        #expect(settle().quarantined.isEmpty)
    }

    @Test("quarantines a bundled plugin over whose loading two hosts in a row ended")
    func bundledMarker() throws {
        try BootMarker(root).put(echo, version)
        #expect(settle().quarantined.isEmpty)
        try BootMarker(root).put(echo, version)
        let last = settle()
        #expect(last.quarantined.map(\.reason) == ["the host ended while it was loading it, 2 times in a row"])
        #expect(BootMarker(root).left().plugins.isEmpty)
    }

    @Test("loads a bundled plugin once more over whose loading a host was stopped, and forgets it when that goes well")
    func suspect() throws {
        try BootMarker(root).put(echo, version)
        #expect(settle().suspects.map(\.plugin) == [echo])
        BootMarker(root).around(echo, version) {}
        try BootMarker(root).put(echo, version)
        #expect(settle().quarantined.isEmpty)
    }

    @Test("does not hold the end over one version against the next")
    func upgraded() throws {
        try BootMarker(root).put(echo, SemanticVersion(0, 9, 0))
        #expect(settle().suspects.isEmpty)
        try BootMarker(root).put(echo, version)
        #expect(settle().quarantined.isEmpty)
    }

    @Test("quarantines the plugins that the last host blamed, and empties the report")
    func report() throws {
        try write("acme/weather signal 11\npraximous/echo exit 0\n")
        let last = settle()
        #expect(last.quarantined.map(\.plugin) == [weather, echo])
        #expect(
            last.quarantined.map(\.reason) == [
                "it took the host down: signal 11", "it ended the host with exit code 0",
            ]
        )
        #expect(last.quarantined.map(\.kind) == ["crashed", "exited"])
        #expect(try String(contentsOfFile: root.blameFile, encoding: .utf8).isEmpty)
        #expect(settle().quarantined.isEmpty)
    }

    @Test("believes the report where both it and a marker blame one plugin")
    func both() throws {
        try BootMarker(root).put(weather, SemanticVersion(2, 0, 0))
        try write("acme/weather signal 6\n")
        let last = settle()
        #expect(last.quarantined.map(\.reason) == ["it took the host down: signal 6"])
        #expect(last.quarantined.map(\.version) == [SemanticVersion(2, 0, 0)])
    }

    @Test("does not hold back a plugin that is no longer there")
    func gone() throws {
        try write("acme/gone signal 11\n")
        #expect(settle().quarantined.isEmpty)
        #expect(try BlameReport.read(root).entries.isEmpty)
    }

    @Test(
        "passes over lines that no host wrote",
        arguments: [
            "acme/weather signal", "acme/weather signal 1x", "nonsense", "../etc signal 11", "acme/weather ate 1",
        ]
    )
    func nonsense(_ line: String) throws {
        try write(line + "\npraximous/echo signal 4\n")
        #expect(try BlameReport.read(root).entries.map(\.plugin) == [echo])
    }

    @Test("reports a damaged marker and leaves it for somebody to look at")
    func damaged() throws {
        try BootMarker(root).put(weather, version)
        try Data("{".utf8).write(to: URL(filePath: root.loadingFolder + "/acme__weather"))
        let last = settle()
        #expect(last.quarantined.isEmpty)
        #expect(last.problems.count == 1)
    }

    private func settle() -> LastRun {
        LastRun.settle(
            root,
            at: 1_795_521_600_000_000,
            isBundled: { $0 == echo },
            version: { $0.name == "gone" ? nil : version }
        )
    }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: root.blameFile)) }
}
