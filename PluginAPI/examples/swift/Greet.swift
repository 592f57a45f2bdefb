// A complete skill: {"name": "Ada"} gives {"greeting": "Hello, Ada!"}. Without Foundation, which would add 50 MB to a
// library that carries its own runtime.
import CPraximous
import CPraximousExtras

/// What one instance knows.
///
/// The host holds it as a retained pointer.
private final class Greeter {
    let calls: UnsafePointer<prax_host_call>

    init(calls: UnsafePointer<prax_host_call>) {
        self.calls = calls
    }

    func greet(_ call: prax_call, _ params: prax_str) -> prax_status {
        var result = prax_json_writer()
        defer { prax_json_free(&result) }
        let name = prax_json_inside(prax_json_member(params, "name"))
        // What stands between the quotes of one JSON string may stand between those of another: nothing to decode.
        prax_json_raw(&result, text("{\"greeting\":\"Hello, "))
        prax_json_append(&result, name.ptr, name.len)
        prax_json_append(&result, "!\"}", 3)
        return calls.pointee.finish(call, prax_json_text(&result))
    }
}

/// A literal lives as long as the library, so it may be handed over without a copy.
private func text(_ literal: StaticString) -> prax_str {
    literal.withUTF8Buffer { bytes in
        UnsafeRawPointer(bytes.baseAddress).map {
            prax_str(ptr: $0.assumingMemoryBound(to: CChar.self), len: bytes.count)
        } ?? prax_str()
    }
}

private func greeter(_ instance: OpaquePointer?) -> Greeter? {
    instance.map { Unmanaged<Greeter>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

/// Tables must be the same pointer each time and are never freed, so they are allocated once.
private func table<Table>(_ value: Table) -> UnsafePointer<Table> {
    let place = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    place.initialize(to: value)
    return UnsafePointer(place)
}

nonisolated(unsafe) private let skill = table(
    prax_skill(
        size: UInt32(MemoryLayout<prax_skill>.size),
        describe: { _ in prax_str() },
        execute: { instance, call, _, params in
            greeter(instance)?.greet(call, params) ?? prax_status(PRAX_E_INTERNAL)
        }
    )
)

nonisolated(unsafe) private let plugin = table(
    prax_plugin(
        magic: PRAX_MAGIC,
        size: UInt32(MemoryLayout<prax_plugin>.size),
        abi_major: PRAX_ABI_MAJOR,
        abi_minor: PRAX_ABI_MINOR,
        min_host_minor: 0,
        flags: UInt32(PRAX_F_CONCURRENT | PRAX_F_RELOADABLE),
        id: text("example/greet-swift"),
        version: text("1.0.0"),
        build: text(""),
        create: { host, fail, context in
            guard let host, let found = host.pointee.get_extension(host.pointee.ctx, PRAX_EXT_HOST_CALL) else {
                fail?(context, text("the host does not offer prax.host.call/1"))
                return nil
            }
            let instance = Greeter(calls: found.assumingMemoryBound(to: prax_host_call.self))
            return OpaquePointer(Unmanaged.passRetained(instance).toOpaque())
        },
        get_interface: { _, id in
            guard let id, String(cString: id) == PRAX_IFACE_SKILL else { return nil }
            return UnsafeRawPointer(skill)
        },
        reconfigure: nil,
        quiesce: nil,
        destroy: { instance in
            guard let instance else { return }
            Unmanaged<Greeter>.fromOpaque(UnsafeRawPointer(instance)).release()
        }
    )
)

/// The only symbol the library exports.
@_cdecl("prax_plugin_entry")
public func entry(hostMajor: UInt32, hostMinor: UInt32) -> UnsafePointer<prax_plugin>? {
    hostMajor == PRAX_ABI_MAJOR ? plugin : nil
}
