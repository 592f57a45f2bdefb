/// What the plugin that means harm can be asked to try.
struct HostileAttempt: Sendable {
    let name: String
    /// The word by which the audit names it; nil where the kernel refuses without the host hearing of it.
    let word: String?

    static let all: [HostileAttempt] =
        tries("open", "read_passwd", "read_config", "read_secrets", "list_root", "host_environment", "host_maps")
        + tries("open", "read_host_memory", "host_root", "init_environment")
        + tries(
            "write",
            "write_config",
            "rename_config",
            "link_secrets",
            "open_audit",
            "truncate_audit",
            "delete_audit"
        )
        + tries("write", "write_host_memory", "write_kernel_setting", "fill_tmp", "fill_var_tmp", "fill_shared_memory")
        + tries("write", "fill_working_folder")
        + tries("memory", "fill_memory_file")
        + tries(nil, "raise_memory_limit", "raise_file_limit")
        + tries("fork", "fork", "clone", "clone_user_namespace", "system", "spawn")
        + tries(nil, "clone3")
        + tries("exec", "exec", "exec_self")
        + tries("memory", "exec_memory")
        + tries("socket", "socket_ipv4", "socket_ipv6", "socket_datagram", "socket_netlink", "socket_packet")
        + tries("socket", "socket_vm", "socket_unix")
        + tries("trace", "ptrace", "read_host_directly", "steal_descriptor", "limit_host")
        + tries("signal", "signal_host_probe", "signal_host_stop", "signal_host_kill", "signal_host_thread")
        + tries("mount", "mount", "unmount", "new_mount_interface", "change_root", "pivot_root", "swap_file")
        + tries("namespace", "unshare_user", "unshare_network", "join_namespace")
        + tries("kernel", "load_bpf", "io_uring", "perf_events", "user_faults", "kernel_keys", "kernel_module")
        + tries("kernel", "open_by_handle", "host_name", "clock_change")

    private static func tries(_ word: String?, _ names: String...) -> [HostileAttempt] {
        names.map { HostileAttempt(name: $0, word: word) }
    }
}
