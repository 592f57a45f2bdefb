import CLinux
import Glibc

/// An empty network, and users, mounts, IPC and host names of the worker's own.
enum NamespaceLayer {
    static func apply() -> LayerReport { report(prax_enter_namespaces(), .applied) }

    static func probe() -> LayerReport { report(prax_probe_namespaces(), .available) }

    private static func report(_ result: Int32, _ success: LayerReport.State) -> LayerReport {
        if result == 0 {
            return LayerReport(.namespaces, success, "users, network, mounts, IPC and host names of its own")
        }
        return LayerReport(.namespaces, .unavailable, "unshare: \(errorText(result))", fix: fix(for: result))
    }

    private static func fix(for result: Int32) -> String {
        switch result {
        case ENOSPC: "Set the sysctl user.max_user_namespaces above 0."
        case EINVAL: "Use a kernel with CONFIG_USER_NS and CONFIG_NET_NS."
        default:
            "Allow user namespaces: the sysctls kernel.unprivileged_userns_clone=1 (Debian) and "
                + "kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container, a seccomp profile that "
                + "lets unshare pass."
        }
    }
}
