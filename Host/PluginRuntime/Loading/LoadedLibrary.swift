import CPraximous
import Core
import Glibc

/// A library in memory whose `prax_plugin` has been checked field by field.
///
/// Never unloaded: dlclose of a Swift library was seen to crash the next protocol look-up.
struct LoadedLibrary {
    typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<prax_plugin>?

    let path: String
    let plugin: UnsafePointer<prax_plugin>

    /// Maps the library, which runs its constructors.
    static func open(descriptor: Int32, path: String) throws(Refusal) -> UnsafeMutableRawPointer {
        // By descriptor, so that the file that was checked is the one that is loaded. The loader tells libraries apart
        // by the name they were opened with, so the number must never come back: this descriptor stays open for ever.
        let descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        let name = "/proc/self/fd/\(descriptor)"
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            close(descriptor)
            throw Refusal(
                .dependency,
                "\(path) cannot be loaded: \(reason.replacingDescriptor(name, with: path))",
                fix: "Ship what it needs beside it in the package, or link it statically."
            )
        }
        return handle
    }

    init(handle: UnsafeMutableRawPointer, path: String) throws(Refusal) {
        guard let symbol = dlsym(handle, "prax_plugin_entry") else {
            throw Refusal(.noEntry, "\(path) exports no prax_plugin_entry", fix: "Define it as the header says.")
        }
        let entry = unsafeBitCast(symbol, to: Entry.self)
        guard let plugin = entry(HostVersion.abiMajor, HostVersion.abiMinor) else {
            throw Refusal(
                .abiMajor,
                "prax_plugin_entry(\(HostVersion.abiMajor), \(HostVersion.abiMinor)) of \(path) returned NULL: "
                    + "the plugin cannot serve this host",
                fix: "Use a version of the plugin for plugin ABI \(HostVersion.abiMajor)."
            )
        }
        self.path = path
        self.plugin = plugin
        try checkLayout()
        try checkFunctions()
    }

    /// Magic, size, major, minor, in that order: each is read only when the one before it was right.
    private func checkLayout() throws(Refusal) {
        let raw = UnsafeRawPointer(plugin)
        let magic = raw.load(as: UInt32.self)
        guard magic == PRAX_MAGIC else {
            throw Refusal(
                .magic,
                "magic 0x\(String(PRAX_MAGIC, radix: 16)) expected, found 0x\(String(magic, radix: 16)) in \(path)",
                fix: "prax_plugin_entry must return a prax_plugin whose first field is PRAX_MAGIC."
            )
        }
        let size = raw.load(fromByteOffset: 4, as: UInt32.self)
        guard Int(size) >= MemoryLayout<prax_plugin>.size else {
            throw Refusal(
                .shortStruct,
                "prax_plugin is \(size) bytes long, at least \(MemoryLayout<prax_plugin>.size) expected in \(path)",
                fix: "Set its size field to sizeof(prax_plugin)."
            )
        }
        guard plugin.pointee.abi_major == HostVersion.abiMajor else {
            throw Refusal(
                .abiMajor,
                "plugin ABI major \(HostVersion.abiMajor) expected, found \(plugin.pointee.abi_major) in \(path)",
                fix: "Use a version of the plugin built for ABI \(HostVersion.abiMajor)."
            )
        }
        guard plugin.pointee.min_host_minor <= HostVersion.abiMinor else {
            throw Refusal(
                .abiMinor,
                "\(path) needs plugin ABI \(HostVersion.abiMajor).\(plugin.pointee.min_host_minor) or newer, "
                    + "this host offers \(HostVersion.abiMajor).\(HostVersion.abiMinor)",
                fix: "Upgrade the host, or use an older version of the plugin."
            )
        }
    }

    private func checkFunctions() throws(Refusal) {
        let missing = [
            ("create", plugin.pointee.create == nil),
            ("get_interface", plugin.pointee.get_interface == nil),
            ("destroy", plugin.pointee.destroy == nil),
        ].filter(\.1).map(\.0)
        guard missing.isEmpty else {
            throw Refusal(
                .incomplete,
                "prax_plugin of \(path) has NULL for \(missing.joined(separator: ", "))",
                fix: "Set every function that the header does not call optional."
            )
        }
    }

    /// The library must be what its skill.yaml says it is.
    func checkIdentity(_ expected: PluginIdentity) throws(Refusal) {
        let id = plugin.pointee.id.text(maxBytes: 256)
        let version = plugin.pointee.version.text(maxBytes: 256)
        guard id == expected.name, version == expected.version else {
            throw Refusal(
                .identity,
                "skill.yaml says \(expected.name) \(expected.version), the library \(path) says \(id) \(version)",
                fix: "Make both the same and build again."
            )
        }
    }
}

extension String {
    fileprivate func replacingDescriptor(_ descriptor: String, with path: String) -> String {
        replacing(descriptor, with: path)
    }
}
