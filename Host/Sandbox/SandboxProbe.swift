import CLinux
import Glibc

/// What protection is to be had on this machine.
package enum SandboxProbe {
    /// How each layer stands, in the usual order.
    ///
    /// Asks the kernel, and tries in short-lived children what only a try can tell; this process is as before.
    package static func layers() -> [LayerReport] {
        [
            LayerReport(.process, .available, "workers are processes of their own, which end with the host"),
            LayerReport(.limits, .available, "memory, descriptors and file sizes are limited, no core dumps"),
            privileges(), LandlockLayer.probe(), seccomp(), denials(), NamespaceLayer.probe(), ControlGroups.probe(),
        ]
    }

    private static func privileges() -> LayerReport {
        guard prax_knows_no_new_privileges() != 0 else {
            return LayerReport(.privileges, .unavailable, "unknown to this kernel", fix: "Use Linux 3.5 or newer.")
        }
        return LayerReport(.privileges, .available, "workers have no privileges and gain none")
    }

    private static func seccomp() -> LayerReport {
        // SECCOMP_RET_ERRNO and SECCOMP_RET_KILL_PROCESS.
        guard prax_seccomp_has_action(0x0005_0000) != 0, prax_seccomp_has_action(0x8000_0000) != 0 else {
            return LayerReport(
                .seccomp,
                .unavailable,
                "unknown to this kernel, or hidden by a container",
                fix: "Use Linux 4.14 or newer with CONFIG_SECCOMP_FILTER."
            )
        }
        return LayerReport(.seccomp, .available, "no processes, programs, sockets, foreign signals, tracing or mounts")
    }

    private static func denials() -> LayerReport {
        let result = prax_probe_listener()
        guard result == 0 else {
            let reason = result == EBUSY ? "a filter around this process has a listener already" : errorText(result)
            return LayerReport(.denials, .unavailable, reason, fix: SeccompFilter.reportsFix)
        }
        return LayerReport(.denials, .available, "what a worker is refused is told to the host")
    }
}
