import CSeccomp
import Glibc

/// The numbers of system calls on this architecture.
enum CallNumbers {
    /// Those that came after some versions of libseccomp still in use; from 424 on they are the same everywhere.
    private static let recent: [String: Int32] = [
        "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
        "process_mrelease": 448, "fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467,
        "file_setattr": 469,
    ]

    /// nil when this architecture has no such call.
    static func number(of call: String) -> Int32? {
        let number = seccomp_syscall_resolve_name(call)
        return number >= 0 ? number : recent[call]
    }
}
