internal import CPraximous

// Unchecked: the table is written in init and never after.
/// The description of a skill or a provider that its library hands to the host.
///
/// A library holds one of these in a global constant and exports one function:
///
///     private let plugin = Plugin<Echo>()
///
///     @c(prax_plugin_entry) public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
///         plugin.table(hostMajor, hostMinor)
///     }
public struct Plugin<Implementation>: @unchecked Sendable {
    private let table: UnsafePointer<prax_plugin>?

    private init(
        _ identity: PluginIdentity,
        _ functions: prax_plugin,
        _ maker: @escaping Creation.Maker
    ) {
        table = Creation.claim(maker).map { create in
            let table = UnsafeMutablePointer<prax_plugin>.allocate(capacity: 1)
            table.initialize(to: functions)
            table.pointee.id = .immortal(identity.id)
            table.pointee.version = .immortal(identity.version)
            table.pointee.build = identity.build.isEmpty ? .absent : .immortal(identity.build)
            table.pointee.create = create
            return UnsafePointer(table)
        }
    }

    /// The table, always at the same address; nil when the host speaks another generation of the ABI.
    public func table(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
        hostMajor == PRAX_ABI_MAJOR ? table.map { UnsafeRawPointer($0) } : nil
    }
}

extension Plugin where Implementation: Skill {
    /// Builds the table of a skill; done once, when the library's constant is first read.
    public init() {
        let functions = prax_plugin(
            isConcurrent: Implementation.isConcurrent,
            get_interface: { SkillInterface.find($1) },
            destroy: { SkillInstance.release($0) }
        )
        self.init(Implementation.identity, functions) { try SkillInstance(Implementation.self, host: $0).retained() }
    }
}

extension Plugin where Implementation: Provider {
    /// Builds the table of a provider; done once, when the library's constant is first read.
    public init() {
        let functions = prax_plugin(
            isConcurrent: true,
            get_interface: { ProviderInterface.find($1) },
            destroy: { ProviderInstance.release($0) }
        )
        self.init(Implementation.identity, functions) {
            try ProviderInstance(Implementation.self, host: $0).retained()
        }
    }
}

extension prax_plugin {
    /// All but who it is and how instances are made.
    fileprivate init(
        isConcurrent: Bool,
        get_interface: @escaping @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> UnsafeRawPointer?,
        destroy: @escaping @convention(c) (OpaquePointer?) -> Void
    ) {
        // State belongs to an instance, so a second one may live while the first drains.
        let reloadable = UInt32(PRAX_F_RELOADABLE)
        self.init(
            magic: PRAX_MAGIC,
            size: UInt32(MemoryLayout<prax_plugin>.size),
            abi_major: PRAX_ABI_MAJOR,
            abi_minor: PRAX_ABI_MINOR,
            min_host_minor: 0,
            flags: isConcurrent ? reloadable | UInt32(PRAX_F_CONCURRENT) : reloadable,
            id: .absent,
            version: .absent,
            build: .absent,
            create: nil,
            get_interface: get_interface,
            // Without reconfigure the host makes a new instance; without quiesce it waits for the running calls.
            reconfigure: nil,
            quiesce: nil,
            destroy: destroy
        )
    }
}
