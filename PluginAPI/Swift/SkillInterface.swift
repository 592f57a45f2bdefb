internal import CPraximous

/// The `prax.skill/1` table: the same for all skills, since the instance knows its own.
enum SkillInterface {
    // Never written after it is made, and the ABI promises it to the host until the process ends.
    nonisolated(unsafe) private static let table: UnsafePointer<prax_skill> = {
        let table = UnsafeMutablePointer<prax_skill>.allocate(capacity: 1)
        table.initialize(
            to: prax_skill(
                size: UInt32(MemoryLayout<prax_skill>.size),
                // Absent: the manifest is the one place that describes the operations.
                describe: { _ in .absent },
                execute: { instance, call, operation, parameters in
                    guard let instance = SkillInstance.borrowed(instance) else { return prax_status(PRAX_E_INVALID) }
                    return instance.execute(call, operation, parameters)
                }
            )
        )
        return UnsafePointer(table)
    }()

    /// The table of that interface; nil for any but the skill's.
    static func find(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id, String(cString: id) == PRAX_IFACE_SKILL else { return nil }
        return UnsafeRawPointer(table)
    }
}
