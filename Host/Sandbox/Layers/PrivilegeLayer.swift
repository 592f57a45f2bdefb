import CLinux

/// No privileges, and none to be had: also what keeps a root from raising its limits again.
enum PrivilegeLayer {
    static func apply() -> LayerReport {
        let result = prax_give_up_new_privileges()
        guard result == 0 else {
            return LayerReport(.privileges, .failed, "PR_SET_NO_NEW_PRIVS: \(errorText(result))")
        }
        let capabilities = prax_give_up_capabilities()
        guard capabilities == 0 else {
            return LayerReport(.privileges, .failed, "capset: \(errorText(capabilities))")
        }
        return LayerReport(.privileges, .applied, "no new privileges, no capabilities")
    }
}
