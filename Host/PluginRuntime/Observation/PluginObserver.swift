import CLinux
import CPraximous
import Core
import Glibc
import Logging
package import PraximousJSON
import Synchronization

/// Watches a plugin come and go in a child process, from inside it: the only place where the locale, the environment
/// and the handlers of signals can be seen.
package struct PluginObserver: Sendable {
    /// How many instances come and go between two looks, after a few that warm it up.
    package var cycles = 0
    package var timeoutSeconds: Double = 10
    /// The executable that understands `observe-plugin DIR`, that is this host.
    private let executable: String

    package init(executable: String) { self.executable = executable }

    /// Blocks.
    package func observe(folder: String, config: JSON, isConfined: Bool) throws(Refusal) -> PluginObservation {
        // What the library itself writes to the report does not begin with this.
        let password = (0..<2).map { _ in String(UInt64.random(in: 1 << 60 ... .max), radix: 16) }.joined()
        let order: JSON = [
            "password": .string(password), "cycles": .integer(cycles), "config": config, "confined": .bool(isConfined),
        ]
        let child: ChildProcess
        do {
            child = try ChildProcess(executable: executable, arguments: ["observe-plugin", folder], input: order.text)
        } catch {
            throw Refusal(.crashed, "the child process for the check did not start: \(error)", fix: "Try again.")
        }
        let ending = child.finish(within: timeoutSeconds)
        let lines = ending.report.split(separator: "\n").filter { $0.hasPrefix(password) }
            .map { String($0.dropFirst(password.count)) }
        let stage = lines.last { $0.hasPrefix("stage ") }?.dropFirst(6) ?? "started"
        switch ending.status {
        case .timedOut:
            throw Refusal(
                .timedOut,
                "\(folder) did not finish within \(timeoutSeconds) s while it was being \(stage)",
                fix: "Do no work in constructors, create() and destroy()."
            )
        case .signalled(let number):
            throw Refusal(
                .crashed,
                "\(folder) crashed with signal \(number) while it was being \(stage)",
                fix: "Run it under a debugger."
            )
        case .exited: break
        }
        guard let answer = lines.last.flatMap({ try? JSON.parse($0) }) else {
            throw Refusal(
                .crashed,
                "\(folder) ended the process while it was being \(stage)",
                fix: "A plugin must not call exit() or abort()."
            )
        }
        if let reason = answer["reason"]?.stringValue.flatMap(Refusal.Reason.init(rawValue:)) {
            throw Refusal(
                reason,
                answer["message"]?.stringValue ?? "",
                fix: answer["fix"]?.stringValue ?? ""
            )
        }
        guard var observation = PluginObservation(answer) else {
            throw Refusal(
                .crashed,
                "\(folder) spoiled the report about itself",
                fix: "Write to no descriptor but your own."
            )
        }
        observation.printed = ending.output.isEmpty ? "" : ending.outputSample
        return observation
    }
}

extension PluginObserver {
    /// The child's part: loads, looks, reports on descriptor 3 and ends.
    ///
    /// `confine` puts the sandbox around the process, before any of the library's code runs. Returns the exit code.
    package static func runChild(folder: String, confine: (PluginFolder) -> Void) -> Int32 {
        prax_end_with_parent()
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(0, &bytes, bytes.count)
        guard let order = try? JSON.parse(Array(bytes[..<max(0, count)])), let password = order["password"]?.stringValue
        else { return ExitCode.usage.rawValue }
        do throws(Refusal) {
            let folder = try PluginFolder(path: folder, origin: .local)
            let settings = try PluginSettings(config: order["config"] ?? [:]).completed(by: folder.manifest)
            let file = try LibraryFile(path: folder.libraryPath())
            try file.check()
            if order["confined"] == true { confine(folder) }
            var watch = Watch(folder, settings, file.descriptor, file.path, password)
            try watch.run(cycles: order["cycles"]?.intValue ?? 0)
            report(password + watch.observation.json.text)
            return 0
        } catch {
            let answer: JSON = [
                "reason": .string(error.reason.rawValue), "message": .string(error.message), "fix": .string(error.fix),
            ]
            report(password + answer.text)
            return ExitCode.incompatible.rawValue
        }
    }

    fileprivate static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(3, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            sent += count
        }
    }
}

/// One plugin's coming and going, in this process.
private struct Watch {
    private static let warmUp = 20
    private static let patience = Duration.seconds(15)

    var observation = PluginObservation()
    private let folder: PluginFolder
    private let settings: PluginSettings
    private let descriptor: Int32
    private let path: String
    private let password: String

    init(_ folder: PluginFolder, _ settings: PluginSettings, _ descriptor: Int32, _ path: String, _ password: String) {
        (self.folder, self.settings, self.descriptor, self.path) = (folder, settings, descriptor, path)
        self.password = password
    }

    mutating func run(cycles: Int) throws(Refusal) {
        look(.start)
        stage("loaded")
        let handle = try LoadedLibrary.open(descriptor: descriptor, path: path)
        look(.loaded)
        stage("asked for its entry")
        _ = try LoadedLibrary(handle: handle, path: path)
        askAgain(handle)
        look(.entered)
        stage("created")
        let begun = MonotonicClock.now()
        let instance = try create()
        observation.createNanoseconds = Int(clamping: MonotonicClock.now() - begun)
        look(.created)
        observation.hasOneInterface =
            instance.interface(PRAX_IFACE_SKILL) == instance.interface(PRAX_IFACE_SKILL)
            && instance.interface(PRAX_IFACE_PROVIDER) == instance.interface(PRAX_IFACE_PROVIDER)
        observation.inventsInterfaces = instance.interface("prax.nothing/1") != nil
        if instance.isReloadable {
            stage("created beside another instance")
            let second = try? create()
            observation.isReloadable = second != nil
            second?.destroyNow()
        }
        stage("destroyed")
        instance.destroyNow()
        look(.destroyed)
        guard cycles > 0 else { return }
        stage("created again and again")
        for _ in 0..<Self.warmUp { try create().destroyNow() }
        look(.warm)
        let end = MonotonicClock.deadline(in: Self.patience)
        // A create() that takes long comes round less often.
        while observation.cycles < cycles, MonotonicClock.now() < end {
            try create().destroyNow()
            observation.cycles += 1
        }
        look(.cycled)
    }

    private func create() throws(Refusal) -> PluginInstance {
        try PluginLoader(logger: Logger(label: "observer") { _ in SwiftLogNoOpLogHandler() }).start(
            descriptor: descriptor,
            path: path,
            identity: PluginIdentity(folder.manifest),
            kind: folder.manifest.kind,
            config: settings.config,
            services: BareServices(settings: settings, manifest: folder.manifest)
        )
    }

    private mutating func askAgain(_ handle: UnsafeMutableRawPointer) {
        guard let symbol = dlsym(handle, "prax_plugin_entry") else { return }
        let entry = unsafeBitCast(symbol, to: LoadedLibrary.Entry.self)
        observation.hasOneDescription =
            entry(HostVersion.abiMajor, HostVersion.abiMinor) == entry(HostVersion.abiMajor, HostVersion.abiMinor)
        let next = entry(HostVersion.abiMajor + 1, 0)
        observation.mistakesGenerations = next.map { $0.pointee.abi_major == HostVersion.abiMajor } ?? false
    }

    private mutating func look(_ moment: PluginObservation.Moment) { observation.states[moment] = .current() }

    private func stage(_ name: String) { PluginObserver.report(password + "stage \(name)") }
}
