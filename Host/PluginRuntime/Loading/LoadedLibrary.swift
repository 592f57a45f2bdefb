import CLinux
import CPraximous
import Core
import Glibc
import Synchronization

/// A library in memory whose `prax_plugin` has been checked field by field.
///
/// Never unloaded: dlclose of a Swift library was seen to crash the next protocol look-up.
struct LoadedLibrary {
    typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<prax_plugin>?

    let path: String
    let plugin: UnsafePointer<prax_plugin>

    /// What has been mapped, by file; addresses, because pointers may not cross threads unseen.
    private static let handles = Mutex<[FileStamp: UInt]>([:])

    /// Maps the library, which runs its constructors; one that is mapped already stays as it is.
    static func open(descriptor: Int32, path: String) throws(Refusal) -> UnsafeMutableRawPointer {
        let stamp = FileStamp(descriptor)
        let known = stamp.flatMap { stamp in handles.withLock { $0[stamp] } }
        if let handle = known.flatMap({ UnsafeMutableRawPointer(bitPattern: $0) }) { return handle }
        let isChanged = stamp.map { stamp in handles.withLock { $0.keys.contains { $0.isSameInode(as: stamp) } } }
        let handle = try map(isChanged == true ? copy(descriptor) : duplicate(descriptor), path)
        if let stamp { handles.withLock { $0[stamp] = UInt(bitPattern: handle) } }
        return handle
    }

    /// Takes the descriptor over and keeps it open for ever.
    ///
    /// By descriptor, so that the file that was checked is the one that is loaded. The loader tells libraries apart by
    /// the name they were opened with, so the number must never come back.
    private static func map(_ descriptor: Int32, _ path: String) throws(Refusal) -> UnsafeMutableRawPointer {
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

    private static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

    /// Of a file that was written over where it lies: the loader would take it, by its inode, for the one it has.
    private static func copy(_ descriptor: Int32) -> Int32 {
        let copy = prax_sealed_copy(descriptor, 1)
        return copy >= 0 ? copy : duplicate(descriptor)
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

/// Which file, and which contents of it.
private struct FileStamp: Hashable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let times: [Int]

    init?(_ descriptor: Int32) {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { return nil }
        device = UInt(info.st_dev)
        inode = UInt(info.st_ino)
        size = Int(info.st_size)
        times = [info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec]
    }

    func isSameInode(as other: FileStamp) -> Bool { device == other.device && inode == other.inode }
}

extension String {
    fileprivate func replacingDescriptor(_ descriptor: String, with path: String) -> String {
        replacing(descriptor, with: path)
    }
}
