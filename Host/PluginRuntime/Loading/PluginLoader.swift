import CPraximous
import Core
package import Logging

/// Turns a plugin folder into a living instance in this process, one checked step after the other.
package struct PluginLoader: Sendable {
    private let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    /// Loads the library and makes an instance.
    ///
    /// Throws ``Refusal``; nothing of a refused plugin is published.
    package func load(
        _ folder: PluginFolder,
        settings: PluginSettings,
        stage: (String) -> Void = { _ in }
    ) throws(Refusal) -> PluginInstance {
        try folder.manifest.checkFits()
        let settings = try settings.completed(by: folder.manifest)
        stage("checked")
        let file = try LibraryFile(path: folder.libraryPath())
        try file.check()
        stage("loaded")
        let handle = try LoadedLibrary.open(file)
        stage("asked for its entry")
        let library = try LoadedLibrary(handle: handle, path: file.path)
        try library.checkIdentity(folder.manifest)
        stage("created")
        return try makeInstance(library, folder.manifest, settings)
    }

    private func makeInstance(
        _ library: LoadedLibrary,
        _ manifest: Manifest,
        _ settings: PluginSettings
    ) throws(Refusal) -> PluginInstance {
        var logger = logger
        logger[metadataKey: "plugin"] = "\(manifest.name)"
        let declared = Set(manifest.secrets.map(\.name))
        let host = HostObject(settings: settings, declaredSecrets: declared, logger: logger)
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
        guard let skill = skillTable(of: library, created) else {
            library.plugin.pointee.destroy?(created)
            throw Refusal(
                .interface,
                "\(library.path) offers no usable \(PRAX_IFACE_SKILL) although skill.yaml says `kind: skill`",
                fix: "Return a prax_skill with its size and execute set from get_interface()."
            )
        }
        return PluginInstance(
            name: manifest.name.description,
            plugin: library.plugin,
            instance: created,
            skill: skill,
            host: host
        )
    }

    private func skillTable(of library: LoadedLibrary, _ instance: OpaquePointer) -> UnsafePointer<prax_skill>? {
        guard let table = library.plugin.pointee.get_interface?(instance, PRAX_IFACE_SKILL) ?? nil else { return nil }
        let skill = table.assumingMemoryBound(to: prax_skill.self)
        let isComplete = Int(skill.pointee.size) >= MemoryLayout<prax_skill>.size && skill.pointee.execute != nil
        return isComplete ? skill : nil
    }
}

/// Where a failing create() puts its reason.
///
/// Used on one thread, for the length of that call.
private final class ErrorText {
    var text = ""
}
