import Core
import Foundation
import Logging
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@Suite("The table of skills", .timeLimit(.minutes(1))) struct SkillTableTests {
    @Test("loads what is new, keeps what is unchanged and retires what is gone")
    func update() async throws {
        let destroyed = Signal()
        let table = table(destroyed)
        let (first, other) = (try folder("plain"), try folder("other"))
        let loaded = table.update(to: [first])
        #expect(loaded.loaded == ["test/rendezvous 1.0.0"])
        #expect(loaded.removed == [])
        #expect(loaded.refused.isEmpty)
        let kept = try #require(table["rendezvous"])
        #expect(kept.origin == .local)

        let added = table.update(to: [other, first])
        #expect(added.loaded == ["test/other 1.0.0"])
        #expect(table["rendezvous"] === kept)
        #expect(table.all.map(\.taskType) == ["other", "rendezvous"])
        #expect(destroyed.count == 0)

        let removed = table.update(to: [other])
        #expect(removed.removed == ["test/rendezvous 1.0.0"])
        #expect(table["rendezvous"] == nil)
        #expect(await destroyed.wait())
        #expect(table.update(to: []).removed == ["test/other 1.0.0"])
        #expect(await destroyed.wait())
        #expect(table.all.isEmpty)
    }

    @Test("puts a new instance in place of one whose manifest has changed")
    func replacement() async throws {
        let destroyed = Signal()
        let table = table(destroyed)
        let scratch = try copy(of: "plain")
        _ = table.update(to: [try PluginFolder(path: scratch.path, origin: .local)])
        let old = try #require(table["rendezvous"])
        try rewrite(scratch, replacing: "title: Fixture", with: "title: Another")
        let changes = table.update(to: [try PluginFolder(path: scratch.path, origin: .local)])
        #expect(changes.loaded == ["test/rendezvous 1.0.0"])
        #expect(changes.removed == ["test/rendezvous 1.0.0"])
        let new = try #require(table["rendezvous"])
        #expect(new !== old)
        #expect(await destroyed.wait())
        #expect(destroyed.count == 0)
        #expect(new.manifest.title == "Another")
    }

    @Test("serves a task type once: the first folder has it, the second is told why not")
    func clash() throws {
        let table = table(Signal())
        let rival = try copy(of: "other")
        try rewrite(rival, replacing: "task_type: other", with: "task_type: rendezvous")
        let changes = table.update(to: [try folder("plain"), try PluginFolder(path: rival.path, origin: .local)])
        #expect(changes.loaded == ["test/rendezvous 1.0.0"])
        #expect(changes.refused.map(\.path) == [rival.path])
        let refusal = try #require(changes.refused.first?.refusal)
        #expect(refusal.reason == .clash)
        #expect(
            refusal.description == "task type `rendezvous` is already served by test/rendezvous 1.0.0. "
                + "Give one of them another `task_type` in its skill.yaml, or remove one."
        )
    }

    @Test("loads the others when one cannot be")
    func oneBad() throws {
        let table = table(Signal())
        let bad = try copy(of: "other")
        try FileManager.default.removeItem(atPath: bad.path + "/skill.so")
        let changes = table.update(to: [try PluginFolder(path: bad.path, origin: .local), try folder("plain")])
        #expect(changes.loaded == ["test/rendezvous 1.0.0"])
        #expect(changes.refused.map(\.refusal.reason) == [.missingFile])
        #expect(table["other"] == nil)
        #expect(table["rendezvous"] != nil)
    }

    @Test("gives each plugin the settings made for it")
    func settings() async throws {
        let table = table { PluginSettings(config: ["for": .string($0.name.description)]) }
        _ = table.update(to: [try folder("plain"), try folder("other")])
        for (taskType, text) in [("rendezvous", #""test/rendezvous""#), ("other", #""test/other""#)] {
            let skill = try #require(table[taskType])
            let outcome = await skill.runner.call(
                SkillCall(
                    operation: "config:/for",
                    parameters: [],
                    context: CallContext(requestID: "request"),
                    timeout: .seconds(10)
                )
            )
            #expect(outcome?.text == text)
        }
    }

    @Test("keeps one descriptor of a library however often it is loaded, and loads anew what has been written to")
    func descriptors() throws {
        let table = table(Signal())
        let scratch = try copy(of: "plain")
        let library = scratch.path + "/skill.so"
        let folder = try PluginFolder(path: scratch.path, origin: .local)
        for _ in 0..<5 {
            #expect(table.update(to: [folder], replacing: [folder.manifest.name]).loaded == ["test/rendezvous 1.0.0"])
        }
        #expect(try openDescriptors(library) == 1)
        let copies = "/memfd:praximous (deleted)"
        let before = try openDescriptors(copies)
        let file = try #require(FileHandle(forWritingAtPath: library))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0]))
        try file.close()
        #expect(table.update(to: [folder]).loaded == ["test/rendezvous 1.0.0"])
        // The loader would have taken the inode for the library that it has.
        #expect(try openDescriptors(copies) == before + 1)
        #expect(try openDescriptors(library) == 1)
    }

    @Test("loads nothing more once it is told to stop")
    func stopped() throws {
        let table = table(Signal())
        let other = try folder("other")
        let changes = table.update(to: [try folder("plain"), other], until: { !table.all.isEmpty })
        #expect(changes.loaded == ["test/rendezvous 1.0.0", "test/other 1.0.0"])
        #expect(table.update(to: [try folder("plain"), other], until: { true }).loaded == [])
    }

    private func openDescriptors(_ path: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == path
        }
    }

    private var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    private func table(_ destroyed: Signal) -> SkillTable {
        table { _ in PluginSettings(config: ["destroyed": .integer(destroyed.address)]) }
    }

    private func table(_ settings: @escaping @Sendable (Manifest) -> PluginSettings) -> SkillTable {
        let (logger, calls) = (quiet, SkillCalls())
        return SkillTable { (folder, _) throws(Refusal) in
            let instance = try PluginLoader(logger: logger).load(folder, settings: settings(folder.manifest))
            return InstanceRunner(instance: instance, calls: calls)
        }
    }

    private func folder(_ variant: String) throws -> PluginFolder {
        try PluginFolder(path: Rendezvous.folder(variant), origin: .local)
    }

    /// A copy that the test may change.
    private func copy(of variant: String) throws -> ScratchFolder {
        let folder = try Rendezvous.folder(variant)
        let scratch = try ScratchFolder()
        for name in ["skill.yaml", "skill.so"] {
            try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: scratch.path + "/" + name)
        }
        return scratch
    }

    private func rewrite(_ scratch: ScratchFolder, replacing old: String, with new: String) throws {
        let text = try String(contentsOfFile: scratch.path + "/skill.yaml", encoding: .utf8)
        try scratch.write(text.replacing(old, with: new), to: "skill.yaml")
    }
}

/// A bare instance in this process.
private final class InstanceRunner: SkillRunner {
    private let instance: PluginInstance
    private let calls: SkillCalls

    init(instance: PluginInstance, calls: SkillCalls) {
        self.instance = instance
        self.calls = calls
    }

    var isConcurrent: Bool { instance.isConcurrent }
    func inlineCaller() -> InlineCaller? { calls.inlineCaller(of: instance) }
    func retire() { instance.retire() }

    func call(_ call: SkillCall) async -> CallOutcome? {
        await calls.call(
            instance,
            operation: call.operation,
            parameters: call.parameters,
            context: call.context,
            timeout: call.timeout,
            events: call.events
        )
    }
}
