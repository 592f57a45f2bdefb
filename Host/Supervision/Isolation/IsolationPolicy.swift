package import Core
package import PluginRuntime
package import PraximousJSON

/// Decides how a plugin runs, from where it came from, what it asks for and what the operator says.
///
/// The plugin can only tighten, but for one permission: programs cannot be started in a sandbox, so that a plugin which
/// was granted `process.spawn` runs as `process`, neither tighter nor inside the host, unless the operator tightens it.
/// The operator decides, though nothing goes below what the plugin asks for, nor below the floor of its origin: code from
/// a store never runs inside the host.
package struct IsolationPolicy: Sendable {
    package typealias Mode = Manifest.IsolationWish.Mode

    /// How one plugin runs.
    package struct Decision: Sendable, Hashable {
        package let mode: Mode
        /// What the operator should know: a setting that was not followed.
        package let warning: String?
        /// Who decided, as the end of "it runs so because ...".
        package let why: String
        package let limits: ResourceLimits
        package let programs: Programs
        package let firstStart: FirstStart

        /// What nobody who looks at the plugin must overlook, as the end of a sentence about it; nil for nothing.
        package var notice: String? {
            switch programs {
            case .unasked: nil
            case .allowed: "may start programs; runs without the sandbox"
            case .refused: "asks to start programs (\(Permission.programsKind)), which \(mode) refuses"
            }
        }

        package var json: JSONObject {
            [
                "mode": .string(mode.rawValue), "why": .string(why), "warning": warning.map(JSON.string) ?? .null,
                "notice": notice.map(JSON.string) ?? .null, "starts": .string(firstStart.rawValue),
            ]
        }
    }

    /// What has become of the permission `process.spawn`.
    package enum Programs: Sendable {
        case unasked, allowed, refused
    }

    private let settings: IsolationSettings

    package init(settings: IsolationSettings = IsolationSettings()) { self.settings = settings }

    package static func standardMode(_ origin: PluginFolder.Origin) -> Mode { origin == .bundled ? .inproc : .sandbox }

    /// The loosest that an operator can choose.
    private static func floor(_ manifest: Manifest, _ origin: PluginFolder.Origin) -> (mode: Mode, why: String) {
        guard !manifest.permissions.contains(.startPrograms) else {
            // What a program inherits, and what becomes of it, is not to be the host's business.
            return (.process, "a plugin that may start programs runs as process at least")
        }
        let mode: Mode = origin == .installed ? .sandbox : .inproc
        return (mode, "\(origin) plugins run as \(mode) at least")
    }

    package func decide(_ manifest: Manifest, origin: PluginFolder.Origin) -> Decision {
        let plugin = settings.plugins[manifest.name.description] ?? IsolationSettings.Plugin()
        let wish = manifest.isolation.mode
        var (mode, why) = (Self.standardMode(origin), "\(origin) plugins run so by default")
        var warning: String?
        let asksForPrograms = manifest.permissions.contains(.startPrograms)
        if asksForPrograms { (mode, why) = (.process, "it was granted \(Permission.programsKind)") }
        if let asked = asked(manifest.name, plugin, origin) {
            (mode, why) = (asked.mode, "praximous.yaml says so in `\(asked.place)`")
            if let raised = Self.raised(asked.mode, wish: wish, floor: Self.floor(manifest, origin)) {
                warning =
                    "`\(asked.place): \(asked.mode)` is looser than what \(manifest.name) may have: \(raised.why); "
                    + "it runs as \(raised.mode)"
                (mode, why) = raised
            }
        } else if let wish, wish > mode {
            (mode, why) = (wish, "its skill.yaml asks for it")
        }
        if let minimum = settings.minimum, minimum > mode {
            (mode, why) = (minimum, "serve --isolation \(minimum) is the least for all plugins")
        }
        let limits = ResourceLimits(wish: manifest.isolation, operatorSetting: plugin)
        if warning == nil, mode != .inproc, limits.isLess(than: manifest.isolation) {
            warning =
                "\(manifest.name) asks for more than a plugin gets by asking; it has \(limits.memoryMB) MB, "
                + "\(limits.threads) threads and \(limits.openFiles) open files, and "
                + "`plugins: \(manifest.name): limits` gives it more"
        }
        let programs: Programs = asksForPrograms ? (mode > .process ? .refused : .allowed) : .unasked
        return Decision(
            mode: mode,
            warning: warning,
            why: why,
            limits: limits,
            programs: programs,
            firstStart: FirstStart(manifest, origin, mode)
        )
    }

    /// What the operator says about this plugin: by its name, else by its origin.
    private func asked(
        _ name: PluginName,
        _ plugin: IsolationSettings.Plugin,
        _ origin: PluginFolder.Origin
    ) -> (mode: Mode, place: String)? {
        if let mode = plugin.mode { return (mode, "plugins: \(name): isolation") }
        return settings.origins[origin].map { ($0, "isolation: \(origin)") }
    }

    /// The tighter mode that the operator's must give way to; nil when it may stand.
    private static func raised(
        _ mode: Mode,
        wish: Mode?,
        floor: (mode: Mode, why: String)
    ) -> (mode: Mode, why: String)? {
        if let wish, wish > mode, wish >= floor.mode { return (wish, "its skill.yaml asks for \(wish)") }
        return mode < floor.mode ? floor : nil
    }
}
