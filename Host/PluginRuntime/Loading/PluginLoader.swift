import CLinux
import CPraximous
package import Core
package import Logging
package import PraximousJSON
import Synchronization

/// Turns a plugin into a living instance in this process, one checked step after the other.
package struct PluginLoader: Sendable {
    private let logger: Logger
    /// The number under which Blame.h knows the plugin; 0 where nobody is blamed, as in a worker.
    private let blameNumber: Int32

    package init(logger: Logger, blameNumber: Int32 = 0) {
        self.logger = logger
        self.blameNumber = blameNumber
    }

    /// Loads a plugin's library and makes an instance.
    ///
    /// `services` are nil where nothing but the secrets is offered. Throws ``Refusal``; nothing of a refused plugin is
    /// published.
    package func load(
        _ folder: PluginFolder,
        settings: PluginSettings,
        services: (any PluginServices)? = nil,
        stage: (String) -> Void = { _ in }
    ) throws(Refusal) -> PluginInstance {
        try folder.manifest.checkFits()
        let settings = try settings.completed(by: folder.manifest)
        stage("checked")
        let file = try LibraryFile(path: folder.libraryPath())
        try file.check()
        return try start(
            descriptor: file.descriptor,
            path: file.path,
            identity: PluginIdentity(folder.manifest),
            kind: folder.manifest.kind,
            config: settings.config,
            services: services ?? BareServices(settings: settings, manifest: folder.manifest),
            isTrusted: folder.origin == .bundled,
            stage: stage
        )
    }

    /// Loads an open library that has been checked, and makes an instance.
    ///
    /// `path` is for messages. `config` has passed the plugin's schema. `isTrusted` says that its code keeps the rules of
    /// the host's own.
    package func start(
        descriptor: Int32,
        path: String,
        identity: PluginIdentity,
        kind: Manifest.Kind = .skill,
        config: JSON,
        services: any PluginServices,
        isTrusted: Bool = false,
        stage: (String) -> Void = { _ in }
    ) throws(Refusal) -> PluginInstance {
        let blamedBefore = prax_blame_enter(blameNumber)
        defer { prax_blame_leave(blamedBefore) }
        stage("loaded")
        let handle = try LoadedLibrary.open(descriptor: descriptor, path: path)
        if blameNumber > 0 { _ = prax_blame_add_library(blameNumber, handle) }
        stage("asked for its entry")
        let library = try LoadedLibrary(handle: handle, path: path)
        try library.checkIdentity(identity)
        stage("created")
        var logger = logger
        logger[metadataKey: "plugin"] = "\(identity.name)"
        let host = HostObject(config: config, services: services, logger: logger)
        defer { host.isCreating.store(false, ordering: .releasing) }
        let (created, tables) = try create(library, kind, host)
        return PluginInstance(
            name: identity.name,
            plugin: library.plugin,
            instance: created,
            tables: tables,
            host: host,
            blameNumber: blameNumber,
            entersAtOnce: isTrusted && kind == .provider
        )
    }

    private func create(
        _ library: LoadedLibrary,
        _ kind: Manifest.Kind,
        _ host: HostObject
    ) throws(Refusal) -> (OpaquePointer, PluginTables) {
        let reason = ErrorText()
        let created = library.plugin.pointee.create?(
            host.pointer,
            { context, text in
                guard let context else { return }
                Unmanaged<ErrorText>.fromOpaque(context).takeUnretainedValue().text = text.text(maxBytes: 1024)
            },
            Unmanaged.passUnretained(reason).toOpaque()
        )
        guard let created = created ?? nil else {
            throw Refusal(
                .create,
                "create() failed: \(reason.text.isEmpty ? "the plugin gave no reason" : reason.text)",
                fix: "See the plugin's README for what it needs (\(library.path))."
            )
        }
        guard let tables = PluginTables(of: created, library.plugin, kind) else {
            library.plugin.pointee.destroy?(created)
            let table = kind == .provider ? PRAX_IFACE_PROVIDER : PRAX_IFACE_SKILL
            throw Refusal(
                .interface,
                "\(library.path) offers no usable \(table) although skill.yaml says `kind: \(kind)`",
                fix: kind == .provider
                    ? "Return a prax_provider with its size, models and chat set from get_interface()."
                    : "Return a prax_skill with its size and execute set from get_interface()."
            )
        }
        return (created, tables)
    }
}

/// What a library must call itself: the name and version of its skill.yaml.
package struct PluginIdentity: Sendable, Hashable {
    package let name: String
    package let version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    package init(_ manifest: Manifest) {
        self.init(name: manifest.name.description, version: manifest.version.description)
    }
}

/// Where a failing create() puts its reason.
///
/// Used on one thread, for the length of that call.
private final class ErrorText {
    var text = ""
}
