import CLinux
import Glibc

/// The worker ends when the host does.
///
/// It stays readable for the host in /proc, where its memory and its threads are looked up; other processes of the same
/// user are kept out by the sandbox, and a core is never written.
enum ProcessLayer {
    static func apply(expectedParent: pid_t) -> LayerReport {
        prax_end_with_parent()
        // The host may have died before the kernel knew; then nobody is there to hear of it.
        if getppid() != expectedParent { _exit(1) }
        return LayerReport(.process, .applied, "a process of its own, which ends with the host")
    }
}
