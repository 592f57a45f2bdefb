internal import CPraximous

// Unchecked: the table is written in init and never after.
/// The description of a skill that its library hands to the host.
///
/// A library holds one of these in a global constant and exports one function:
///
///     private let plugin = Plugin<Echo>()
///
///     @c(prax_plugin_entry) public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
///         plugin.table(hostMajor, hostMinor)
///     }
public struct Plugin<Implementation: Skill>: @unchecked Sendable {
    private let table: UnsafePointer<prax_plugin>?

    /// Builds the table; done once, when the library's constant is first read.
    public init() {
        table = Creation.claim(Implementation.self).map { create in
            let table = UnsafeMutablePointer<prax_plugin>.allocate(capacity: 1)
            table.initialize(to: describe(Implementation.self, create))
            return UnsafePointer(table)
        }
    }

    /// The table, always at the same address; nil when the host speaks another generation of the ABI.
    public func table(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
        hostMajor == PRAX_ABI_MAJOR ? table.map { UnsafeRawPointer($0) } : nil
    }
}

private func describe<Implementation: Skill>(
    _ type: Implementation.Type,
    _ create: @escaping Creation.Function
) -> prax_plugin {
    prax_plugin(
        magic: PRAX_MAGIC,
        size: UInt32(MemoryLayout<prax_plugin>.size),
        abi_major: PRAX_ABI_MAJOR,
        abi_minor: PRAX_ABI_MINOR,
        min_host_minor: 0,
        flags: flags(type),
        id: .immortal(type.identity.id),
        version: .immortal(type.identity.version),
        build: type.identity.build.isEmpty ? .absent : .immortal(type.identity.build),
        create: create,
        get_interface: { SkillInterface.find($1) },
        // Without reconfigure the host makes a new instance; without quiesce it waits for the running calls.
        reconfigure: nil,
        quiesce: nil,
        destroy: { SkillInstance.release($0) }
    )
}

/// A skill's state belongs to its instance, so a second one may live while the first drains.
private func flags(_ type: any Skill.Type) -> UInt32 {
    let reloadable = UInt32(PRAX_F_RELOADABLE)
    return type.isConcurrent ? reloadable | UInt32(PRAX_F_CONCURRENT) : reloadable
}
