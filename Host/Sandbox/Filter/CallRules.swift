import Glibc

/// The system calls that a sandboxed worker may not make, by name, so that they hold on every architecture.
///
/// A list of what is refused and not of what is allowed: libraries come to use new calls, and a plugin that worked must
/// go on working. What is new and dangerous is to be added here.
enum CallRules {
    /// The rules for the worker with this number, to which alone it may send signals.
    ///
    /// `rights` is what Landlock refuses, for the calls whose paths the host looks at; nil when it is not there.
    static func all(ownProcess: pid_t, rights: LandlockRights?) -> [CallRule] {
        processes(UInt64(ownProcess)) + tracing + sockets + attributes + mounts + kernel + memory
            + ownSettings + (rights.map(files) ?? [])
    }

    private static func refuse(
        _ calls: [String],
        _ number: Int32,
        _ what: Denial.Attempt,
        _ conditions: [CallRule.Condition] = [],
        isReported: Bool = true,
        subject: CallRule.Subject = .none
    ) -> [CallRule] {
        calls.map { call in
            CallRule(
                call: call,
                answer: .refuse(number),
                what: what,
                conditions: conditions,
                isReported: isReported,
                subject: subject
            )
        }
    }

    /// Threads yes, processes and programs no.
    private static func processes(_ own: UInt64) -> [CallRule] {
        let threadFlag = UInt64(0x0001_0000)  // CLONE_THREAD
        let filesFlag = UInt64(0x400)  // CLONE_FILES
        return
            // Its flags are in memory, so it cannot be judged; glibc then falls back to clone.
            refuse(["clone3"], ENOSYS, .fork, isReported: false)
            + refuse(["clone"], EPERM, .fork, [.masked(0, threadFlag, is: 0)])
            // A thread with descriptors of its own has a limit of its own, and nobody sees what it opens.
            + refuse(["clone"], EPERM, .fork, [.masked(0, threadFlag | filesFlag, is: threadFlag)])
            + refuse(["fork", "vfork"], EPERM, .fork)
            + refuse(["execve"], EPERM, .exec, subject: .path(0))
            + refuse(["execveat"], EPERM, .exec, subject: .path(1, folder: 0))
            + refuse(
                ["kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"],
                EPERM,
                .signal,
                [.isNot(0, own)],
                subject: .process(0)
            )
            // A thread's number alone says nothing of its process.
            + refuse(["tkill"], EPERM, .signal, subject: .process(0))
            + refuse(["pidfd_send_signal"], EPERM, .signal)
            // F_SETOWN, F_SETSIG, F_SETOWN_EX: a descriptor that sends a signal to whom one likes.
            + [8, 10, 15].flatMap { refuse(["fcntl"], EPERM, .signal, [.word(1, is: $0)]) }
            // FIOSETOWN, SIOCSPGRP: the same.
            + [0x8901, 0x8902].flatMap { refuse(["ioctl"], EPERM, .signal, [.word(1, is: $0)]) }
    }

    /// Looking into other processes, and changing how they run: those of the same user, the host among them.
    private static let tracing: [CallRule] =
        refuse(["ptrace"], EPERM, .trace, subject: .process(1))
        + refuse(
            ["process_vm_readv", "process_vm_writev", "kcmp", "pidfd_open"],
            EPERM,
            .trace,
            subject: .process(0)
        )
        + refuse(["pidfd_getfd", "process_madvise", "process_mrelease"], EPERM, .trace)
        + refuse(
            [
                "prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr",
                "migrate_pages", "move_pages",
            ],
            EPERM,
            .trace,
            [.isNot(0, 0)],
            subject: .process(0)
        )
        // PRIO_PROCESS of its own is 0, 0: granted in word only, for libdispatch asks for more than anyone gets and
        // complains to the system's log, which is a socket. IOPRIO_WHO_PROCESS is 1.
        + refuse(["setpriority"], 0, .trace, [.word(0, is: 0), .word(1, is: 0)], isReported: false)
        + refuse(["setpriority"], EPERM, .trace, [.isNot(0, 0)])
        + refuse(["setpriority"], EPERM, .trace, [.isNot(1, 0)], subject: .process(1))
        + refuse(["ioprio_set"], EPERM, .trace, [.isNot(0, 1)])
        + refuse(["ioprio_set"], EPERM, .trace, [.isNot(1, 0)], subject: .process(1))

    /// No sockets but pairs within the worker: all it may ask of the world it asks the host.
    ///
    /// Nor pairs of datagrams, raw ones being the same, for these can be sent to any socket that has a name.
    private static let sockets: [CallRule] =
        refuse(["socket"], EACCES, .socket, subject: .socket)
        + refuse(["socketpair"], EACCES, .socket, [.isNot(0, UInt64(AF_UNIX))], subject: .socket)
        + [2, 3].flatMap { refuse(["socketpair"], EACCES, .socket, [.masked(1, 0xF, is: $0)], subject: .socket) }
        + refuse(["bind", "connect", "listen", "accept", "accept4"], EACCES, .socket)

    /// Landlock does not watch over these, and root and the host's own user could do harm with them.
    private static let attributes: [CallRule] =
        refuse(["chmod", "chown", "lchown", "utime", "utimes"], EPERM, .attributes, subject: .path(0))
        + refuse(
            ["fchmodat", "fchmodat2", "fchownat", "futimesat"],
            EPERM,
            .attributes,
            subject: .path(1, folder: 0)
        )
        + refuse(["utimensat"], EPERM, .attributes, subject: .path(1, folder: 0))
        + refuse(["setxattr", "lsetxattr", "removexattr", "lremovexattr"], EPERM, .attributes, subject: .path(0))
        + refuse(["setxattrat", "removexattrat", "file_setattr"], EPERM, .attributes, subject: .path(1, folder: 0))
        // A descriptor for reading is enough for these.
        + refuse(["fchmod", "fchown", "fsetxattr", "fremovexattr"], EPERM, .attributes)
        // FS_IOC_SETFLAGS of either width, FS_IOC_FSSETXATTR.
        + [0x4008_6602, 0x4004_6602, 0x401C_5820].flatMap {
            refuse(["ioctl"], EPERM, .attributes, [.word(1, is: $0)])
        }
        // Links and devices serve a plugin's data for nothing, and could lead the host astray.
        + refuse(["symlink"], EPERM, .write, subject: .path(1))
        + refuse(["symlinkat"], EPERM, .write, subject: .path(2, folder: 1))
        + refuse(["mknod"], EPERM, .write, subject: .path(0))
        + refuse(["mknodat"], EPERM, .write, subject: .path(1, folder: 0))

    private static let mounts: [CallRule] =
        refuse(["mount", "umount2", "pivot_root", "chroot"], EPERM, .mount)
        + refuse(
            [
                "move_mount", "open_tree", "open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick",
                "mount_setattr", "swapon", "swapoff", "quotactl", "quotactl_fd",
            ],
            EPERM,
            .mount
        )
        + refuse(["unshare", "setns"], EPERM, .namespace)

    private static let kernel: [CallRule] =
        refuse(
            [
                "bpf", "perf_event_open", "userfaultfd", "add_key", "request_key", "keyctl", "init_module",
                "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "acct", "syslog",
                "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
                "vhangup", "iopl", "ioperm", "modify_ldt", "vm86", "vm86old", "nfsservctl", "uselib", "_sysctl",
                "sysfs", "lookup_dcookie", "name_to_handle_at", "open_by_handle_at", "fanotify_init",
                "fanotify_mark",
            ],
            EPERM,
            .kernel
        )
        // Libraries that would use it do without when the kernel does not know it.
        + refuse(["io_uring_setup", "io_uring_enter", "io_uring_register"], ENOSYS, .kernel)
        // What one takes of these, everybody on the machine goes without.
        + refuse(["io_setup"], ENOSYS, .kernel)
        // Landlock lets them watch any folder there is, and tell the names in it.
        + refuse(["inotify_init", "inotify_init1"], EPERM, .kernel)
        + refuse(["inotify_add_watch"], EPERM, .open, subject: .path(1))
        // F_SETLEASE holds up for most of a minute whoever opens the file next, the host above all; F_NOTIFY watches.
        + [1024, 1026].flatMap { refuse(["fcntl"], EPERM, .kernel, [.word(1, is: $0)]) }
        // 0xFFFFFFFF only asks.
        + refuse(["personality"], EPERM, .kernel, [.isNot(0, 0xFFFF_FFFF)])
        // TIOCSTI, TIOCLINUX: typing into the terminal of whoever started the host.
        + [0x5412, 0x541C].flatMap { refuse(["ioctl"], EPERM, .kernel, [.word(1, is: $0)]) }

    /// What no limit counts, or what stays when the worker has gone.
    private static let memory: [CallRule] =
        refuse(["memfd_create", "memfd_secret"], EPERM, .memory)
        // Whoever guesses the number of another program's segment, queue or semaphore may use and remove it.
        + refuse(
            [
                "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semtimedop",
                "semctl", "mq_open", "mq_unlink", "ipc",
            ],
            EPERM,
            .ipc
        )

    /// The settings that keep the worker what it is.
    ///
    /// Without a report: the word of the call says nothing.
    private static let ownSettings: [CallRule] =
        // PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_MM, PR_SET_PTRACER.
        [1, 4, 22, 35, 0x5961_6D61].flatMap { refuse(["prctl"], EPERM, .kernel, [.word(0, is: $0)], isReported: false) }
        + refuse(["seccomp"], EPERM, .kernel, isReported: false)

    /// The calls that Landlock decides.
    ///
    /// Before version 3 it knows nothing of truncation, even of files for reading.
    private static func files(_ rights: LandlockRights) -> [CallRule] {
        func look(_ call: String, _ what: Denial.Attempt, _ subject: CallRule.Subject) -> CallRule {
            CallRule(call: call, answer: .look, what: what, subject: subject)
        }
        let truncation: [CallRule] =
            rights.coversTruncation
            ? [look("truncate", .write, .path(0)), look("openat2", .open, .path(1, folder: 0))]
            : refuse(["truncate"], EACCES, .write, subject: .path(0)) + refuse(["openat2"], ENOSYS, .open)
        return truncation + [
            look("open", .open, .path(0)),
            look("openat", .open, .path(1, folder: 0)),
            look("creat", .write, .path(0)),
            look("mkdir", .write, .path(0)),
            look("mkdirat", .write, .path(1, folder: 0)),
            look("rmdir", .write, .path(0)),
            look("unlink", .write, .path(0)),
            look("unlinkat", .write, .path(1, folder: 0)),
            look("rename", .write, .twoPaths(from: 0, folder: nil, to: 1, itsFolder: nil)),
            look("renameat", .write, .twoPaths(from: 1, folder: 0, to: 3, itsFolder: 2)),
            look("renameat2", .write, .twoPaths(from: 1, folder: 0, to: 3, itsFolder: 2)),
            look("link", .write, .twoPaths(from: 0, folder: nil, to: 1, itsFolder: nil)),
            look("linkat", .write, .twoPaths(from: 1, folder: 0, to: 3, itsFolder: 2)),
        ]
    }
}
