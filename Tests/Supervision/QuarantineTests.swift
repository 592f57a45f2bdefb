import Core
import Foundation
import PraximousJSON
import Supervision
import TestSupport
import Testing

@Suite("A quarantined plugin") struct QuarantineTests {
    private let folder: TemporaryFolder
    private let root: InstallationRoot
    private let weather: PluginName
    private let echo: PluginName

    init() throws {
        folder = try TemporaryFolder()
        root = InstallationRoot(folder.path)
        weather = try PluginName.parse("acme/weather")
        echo = try PluginName.parse("praximous/echo")
    }

    @Test("stays so after a restart of the host, until it is cleared")
    func outlives() throws {
        let entry = entry(weather)
        try Quarantine(root).add(entry)
        #expect(try Quarantine(root).entry(weather) == entry)
        #expect(Quarantine(root).list().entries == [entry])
        #expect(try Quarantine(root).clear(weather))
        #expect(try !Quarantine(root).clear(weather))
        #expect(try Quarantine(root).entry(weather) == nil)
    }

    @Test("is held back in the version that failed and in no other")
    func version() throws {
        try Quarantine(root).add(entry(weather))
        #expect(try Quarantine(root).entry(weather, SemanticVersion(1, 2, 3)) != nil)
        #expect(try Quarantine(root).entry(weather, SemanticVersion(1, 2, 4)) == nil)
    }

    @Test("has one file of its own, readable for its owner alone")
    func file() throws {
        try Quarantine(root).add(entry(weather))
        let path = folder.path + "/data/state/quarantine/acme__weather.json"
        let json = try JSON.parse(try String(contentsOfFile: path, encoding: .utf8))
        #expect(
            json == [
                "plugin": "acme/weather", "version": "1.2.3", "reason": "it took the host down: signal 11",
                "kind": "crashed", "since": "2026-11-24T12:00:00Z", "faults": 2,
            ]
        )
        #expect(try folder.mode(of: "data/state/quarantine/acme__weather.json") == 0o600)
        #expect(try folder.mode(of: "data/state/quarantine") == 0o700)
    }

    @Test("replaces what was noted about it before, and leaves no draft behind")
    func replaces() throws {
        for faults in 1...3 { try Quarantine(root).add(entry(weather, faults: faults)) }
        #expect(try Quarantine(root).entry(weather)?.faults == 3)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data/state/quarantine")
        #expect(names == ["acme__weather.json"])
    }

    @Test("is listed beside others by name")
    func lists() throws {
        try Quarantine(root).add(entry(echo))
        try Quarantine(root).add(entry(weather))
        #expect(Quarantine(root).list().entries.map(\.plugin) == [weather, echo])
    }

    @Test(
        "with a damaged file is reported and can be cleared",
        arguments: [
            "", "{", "[]", "{}", #"{"plugin":"acme/other","version":"1.0.0","since":"2026-11-24T12:00:00Z"}"#,
            #"{"plugin":"acme/weather","version":"one","since":"2026-11-24T12:00:00Z"}"#,
            #"{"plugin":"acme/weather","version":"1.0.0","since":"yesterday"}"#,
            String(repeating: " ", count: 70_000) + "{}",
        ]
    )
    func damaged(_ text: String) throws {
        try Quarantine(root).add(entry(echo))
        let path = folder.path + "/data/state/quarantine/acme__weather.json"
        try Data(text.utf8).write(to: URL(filePath: path))
        let (entries, problems) = Quarantine(root).list()
        #expect(entries.map(\.plugin) == [echo])
        #expect(problems.count == 1)
        #expect(problems.first?.description.contains(path) == true)
        #expect(throws: StateError.self) { try Quarantine(root).entry(weather) }
        #expect(try Quarantine(root).clear(weather))
        #expect(Quarantine(root).list().problems.isEmpty)
    }

    @Test("is not read through a link")
    func link() throws {
        try Quarantine(root).add(entry(echo))
        let path = folder.path + "/data/state/quarantine/"
        symlink(path + "praximous__echo.json", path + "acme__weather.json")
        #expect(Quarantine(root).list().problems.count == 1)
    }

    @Test("cannot be added where the host may not write, and the host hears why")
    func unwritable() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: folder.path + "/data/state"))
        let error = #expect(throws: StateError.self) { try Quarantine(root).add(entry(weather)) }
        #expect("\(try #require(error))".contains("cannot be written"))
    }

    private func entry(_ plugin: PluginName, faults: Int = 2) -> Quarantine.Entry {
        Quarantine.Entry(
            plugin: plugin,
            version: SemanticVersion(1, 2, 3),
            reason: "it took the host down: signal 11",
            kind: "crashed",
            since: 1_795_521_600_000_000,
            faults: faults
        )
    }
}
