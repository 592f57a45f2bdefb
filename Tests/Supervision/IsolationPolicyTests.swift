import Core
import Manifests
import PluginRuntime
import Supervision
import Testing

@Suite("A plugin runs") struct IsolationPolicyTests {
    /// What is said about a plugin, and what comes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        typealias Mode = Manifest.IsolationWish.Mode

        let origin: PluginFolder.Origin
        var wish: Mode?
        var named: Mode?
        var byOrigin: Mode?
        var minimum: Mode?
        let mode: Mode
        var isWarned = false
        /// Whether its skill.yaml asks for `process.spawn`.
        var asksForPrograms = false
        var programs = IsolationPolicy.Programs.unasked

        var testDescription: String {
            let said = [("wish", wish), ("plugin", named), ("origin", byOrigin), ("serve", minimum)]
            var words = said.compactMap { label, mode in mode.map { "\(label) \($0)" } }
            if asksForPrograms { words.append("process.spawn") }
            return ([origin.rawValue] + words + ["-> \(mode)"]).joined(separator: ", ")
        }
    }

    private static let cases = [
        Case(origin: .bundled, mode: .inproc),
        Case(origin: .installed, mode: .sandbox),
        Case(origin: .local, mode: .sandbox),
        // skill.yaml may only tighten.
        Case(origin: .bundled, wish: .process, mode: .process),
        Case(origin: .installed, wish: .inproc, mode: .sandbox),
        Case(origin: .installed, wish: .strict, mode: .strict),
        // The operator decides, within the floor and the wish.
        Case(origin: .local, named: .inproc, mode: .inproc),
        Case(origin: .local, byOrigin: .process, mode: .process),
        Case(origin: .local, named: .strict, byOrigin: .inproc, mode: .strict),
        Case(origin: .bundled, byOrigin: .strict, mode: .strict),
        Case(origin: .installed, named: .inproc, mode: .sandbox, isWarned: true),
        Case(origin: .installed, byOrigin: .process, mode: .sandbox, isWarned: true),
        Case(origin: .local, wish: .process, named: .inproc, mode: .process, isWarned: true),
        Case(origin: .local, wish: .process, named: .process, mode: .process),
        Case(origin: .installed, wish: .process, named: .inproc, mode: .sandbox, isWarned: true),
        // `serve --isolation` is the least for all.
        Case(origin: .bundled, minimum: .sandbox, mode: .sandbox),
        Case(origin: .bundled, named: .inproc, minimum: .process, mode: .process),
        Case(origin: .installed, minimum: .inproc, mode: .sandbox),
        Case(origin: .local, named: .strict, minimum: .sandbox, mode: .strict),
        // What may start programs runs as process, neither inside the host nor, unless the operator says so, tighter.
        Case(origin: .bundled, mode: .process, asksForPrograms: true, programs: .allowed),
        Case(origin: .installed, mode: .process, asksForPrograms: true, programs: .allowed),
        Case(origin: .local, wish: .inproc, mode: .process, asksForPrograms: true, programs: .allowed),
        Case(origin: .installed, named: .process, mode: .process, asksForPrograms: true, programs: .allowed),
        Case(
            origin: .local,
            named: .inproc,
            mode: .process,
            isWarned: true,
            asksForPrograms: true,
            programs: .allowed
        ),
        Case(origin: .installed, byOrigin: .sandbox, mode: .sandbox, asksForPrograms: true, programs: .refused),
        Case(origin: .installed, named: .strict, mode: .strict, asksForPrograms: true, programs: .refused),
        Case(origin: .bundled, minimum: .sandbox, mode: .sandbox, asksForPrograms: true, programs: .refused),
        Case(origin: .local, wish: .strict, mode: .strict, asksForPrograms: true, programs: .refused),
    ]

    private static let starts: [(PluginFolder.Origin, Manifest.Kind, Case.Mode, FirstStart)] = [
        (.bundled, .skill, .sandbox, .withFirstCall),
        (.bundled, .skill, .process, .withFirstCall),
        // Inside the host.
        (.bundled, .skill, .inproc, .withHost),
        (.bundled, .skill, .strict, .withHost),
        (.bundled, .provider, .sandbox, .withHost),
        (.installed, .skill, .sandbox, .withHost),
        (.local, .skill, .sandbox, .withHost),
    ]

    @Test("from its first call on, when it ships with the host and may wait", arguments: starts)
    func firstStart(_ origin: PluginFolder.Origin, _ kind: Manifest.Kind, _ mode: Case.Mode, _ start: FirstStart) {
        let settings = IsolationSettings(origins: [origin: mode])
        var manifest = Manifest(name: name, version: SemanticVersion(1, 2, 3))
        manifest.kind = kind
        #expect(IsolationPolicy(settings: settings).decide(manifest, origin: origin).firstStart == start)
    }

    private let name: PluginName

    init() throws { name = try PluginName.parse("acme/weather") }

    @Test("as its origin, its skill.yaml and the operator say", arguments: cases)
    func modes(_ given: Case) {
        var settings = IsolationSettings(minimum: given.minimum)
        if let mode = given.named { settings.plugins["acme/weather"] = .init(mode: mode) }
        if let mode = given.byOrigin { settings.origins[given.origin] = mode }
        var manifest = manifest(wish: given.wish)
        if given.asksForPrograms { manifest.permissions = [.startPrograms] }
        let decision = IsolationPolicy(settings: settings).decide(manifest, origin: given.origin)
        #expect(decision.mode == given.mode)
        #expect(decision.programs == given.programs)
        #expect((decision.notice != nil) == given.asksForPrograms)
        #expect((decision.warning != nil) == given.isWarned)
        #expect(!decision.why.isEmpty)
    }

    @Test("tighter than the operator wrote, and the host says so")
    func warning() {
        let settings = IsolationSettings(plugins: ["acme/weather": .init(mode: .inproc)])
        let decision = IsolationPolicy(settings: settings).decide(manifest(), origin: .installed)
        #expect(
            decision.warning
                == "`plugins: acme/weather: isolation: inproc` is looser than what acme/weather may have: "
                + "installed plugins run as sandbox at least; it runs as sandbox"
        )
        #expect(decision.why == "installed plugins run as sandbox at least")
    }

    @Test("within its limits: the defaults, those of its skill.yaml up to a ceiling, the operator's above both")
    func limits() {
        let policy = IsolationPolicy()
        #expect(
            policy.decide(manifest(), origin: .local).limits
                == ResourceLimits(memoryMB: 256, threads: 64, openFiles: 64)
        )
        var wishing = manifest()
        wishing.isolation.memoryMB = 1024
        wishing.isolation.openFiles = 16
        #expect(
            policy.decide(wishing, origin: .local).limits == ResourceLimits(memoryMB: 512, threads: 64, openFiles: 16)
        )
        let settings = IsolationSettings(plugins: ["acme/weather": .init(memoryMB: 128, threads: 200)])
        #expect(
            IsolationPolicy(settings: settings).decide(wishing, origin: .local).limits
                == ResourceLimits(memoryMB: 128, threads: 200, openFiles: 16)
        )
    }

    @Test("as praximous.yaml says")
    func yaml() throws {
        let text = """
            isolation: { bundled: process, local: inproc }
            plugins:
              acme/weather: { isolation: strict, limits: { memory_mb: 512, threads: 8, open_files: 32 } }
              acme/plain: {}
            """
        let settings = try read(text)
        #expect(settings.origins == [.bundled: .process, .local: .inproc])
        #expect(
            settings.plugins == [
                "acme/weather": .init(mode: .strict, memoryMB: 512, threads: 8, openFiles: 32)
            ]
        )
        #expect(settings.minimum == nil)
    }

    @Test("not as praximous.yaml says when that is no mode")
    func wrongYAML() throws {
        let error = #expect(throws: YAMLProblems.self) { try read("isolation: { bundled: sandbx }\nplugins: {}\n") }
        #expect("\(try #require(error))".contains("did you mean sandbox?"))
    }

    private func manifest(wish: Case.Mode? = nil) -> Manifest {
        var manifest = Manifest(name: name, version: SemanticVersion(1, 0, 0))
        manifest.isolation.mode = wish
        return manifest
    }

    private func read(_ text: String) throws -> IsolationSettings {
        let report = YAMLReport(source: "praximous.yaml")
        let document = try YAMLDocument.parse(Array(text.utf8), source: "praximous.yaml")
        let top = try #require(YAMLMapping(document.root, report))
        var settings = IsolationSettings()
        if let section = top.mapping("isolation") { settings.readOrigins(section) }
        let plugins = try #require(top.mapping("plugins"))
        for name in plugins.keys {
            guard let entry = plugins.mapping(name) else { continue }
            settings.readPlugin(name, entry)
            entry.finish()
        }
        try report.check()
        return settings
    }
}
