package import CPraximous
import Glibc
package import PraximousJSON

/// A plugin seen through its C table alone, as the host sees it.
// Unchecked: both pointers are constants into memory that stays until the process ends.
package final class PluginDriver: @unchecked Sendable {
    package struct LoadError: Error, CustomStringConvertible {
        package let description: String
    }

    package let plugin: UnsafePointer<prax_plugin>
    package let host: FakeHost
    let instance: OpaquePointer

    /// Makes an instance of the plugin described by a table.
    package init(_ table: UnsafeRawPointer?, host: FakeHost = FakeHost()) throws {
        guard let table else { throw LoadError(description: "the entry returned no table") }
        let plugin = table.assumingMemoryBound(to: prax_plugin.self)
        self.plugin = plugin
        self.host = host
        var reason = "create returned NULL"
        let made = withUnsafeMutablePointer(to: &reason) { reason in
            plugin.pointee.create?(
                host.pointer,
                { $0?.assumingMemoryBound(to: String.self).pointee = $1.copy },
                reason
            )
        }
        guard let made else { throw LoadError(description: reason) }
        instance = made
    }

    /// Loads a library, for good: the image of a Swift plugin must not be unmapped.
    package convenience init(library path: String, host: FakeHost = FakeHost()) throws {
        guard let image = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw LoadError(description: dlerror().map { String(cString: $0) } ?? "dlopen failed")
        }
        guard let symbol = dlsym(image, "prax_plugin_entry") else {
            throw LoadError(description: "\(path) has no prax_plugin_entry")
        }
        typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafeRawPointer?
        let entry = unsafeBitCast(symbol, to: Entry.self)
        try self.init(entry(PRAX_ABI_MAJOR, PRAX_ABI_MINOR), host: host)
    }

    deinit { plugin.pointee.destroy?(instance) }

    package var skill: UnsafePointer<prax_skill>? {
        plugin.pointee.get_interface?(instance, PRAX_IFACE_SKILL)?.assumingMemoryBound(to: prax_skill.self)
    }

    package func interface(_ id: String) -> UnsafeRawPointer? { plugin.pointee.get_interface?(instance, id) }

    /// What the plugin says of its operations; nil when it leaves that to the manifest.
    package func describe() -> JSON? { skill?.pointee.describe?(instance).json }

    package func call(_ operation: String, _ parameters: JSON) -> CallRecord {
        call(operation, text: parameters.text)
    }

    package func call(_ operation: String, text: String) -> CallRecord {
        host.record { call in
            guard let execute = skill?.pointee.execute else { return Int32(PRAX_E_UNSUPPORTED) }
            return withText(operation) { operation in
                withText(text) { execute(instance, call, operation, $0) }
            }
        }
    }
}

func withText<Result>(_ text: String, _ body: (prax_str) -> Result) -> Result {
    Array(text.utf8).withUnsafeBytes { bytes in
        body(prax_str(ptr: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), len: bytes.count))
    }
}
