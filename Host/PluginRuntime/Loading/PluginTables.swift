import CPraximous
import Core

/// The tables of functions that one instance offers, checked.
struct PluginTables {
    let skill: UnsafePointer<prax_skill>?
    let provider: UnsafePointer<prax_provider>?

    /// nil when what `kind` promises is not there.
    ///
    /// A skill is not asked for more, whose operations may have any name; a provider may be one in the form of a skill.
    init?(of instance: OpaquePointer, _ plugin: UnsafePointer<prax_plugin>, _ kind: Manifest.Kind) {
        func table<Table>(_ id: String, _ type: Table.Type) -> UnsafePointer<Table>? {
            guard let table = plugin.pointee.get_interface?(instance, id) ?? nil else { return nil }
            // Every table begins with its size.
            let isWhole = Int(table.load(as: UInt32.self)) >= MemoryLayout<Table>.size
            return isWhole ? table.assumingMemoryBound(to: type) : nil
        }
        skill = table(PRAX_IFACE_SKILL, prax_skill.self).flatMap { $0.pointee.execute == nil ? nil : $0 }
        provider =
            kind != .provider
            ? nil
            : table(PRAX_IFACE_PROVIDER, prax_provider.self).flatMap {
                $0.pointee.chat == nil || $0.pointee.models == nil ? nil : $0
            }
        guard skill != nil || provider != nil else { return nil }
    }

    /// Runs one operation on the calling thread.
    func execute(
        _ instance: OpaquePointer,
        _ call: prax_call,
        _ operation: String,
        _ parameters: UnsafeBufferPointer<UInt8>
    ) -> prax_status {
        if let provider, let operation = ProviderOperation(rawValue: operation) {
            return operation.run(provider, instance, call, parameters)
        }
        guard let skill else { return ProviderOperation.refuse(call) }
        return withPraxString(operation) { operation in
            withPraxString(parameters) { parameters in
                skill.pointee.execute(instance, call, operation, parameters)
            }
        }
    }
}
