import TestSupport
import Testing

@Suite("A sandboxed worker", .enabled(if: Machine.hasSandbox, "needs Landlock, seccomp and a listener"))
struct DenialTests {
    @Test(
        "is refused what no plugin may do, and the host hears of it",
        arguments: [
            ("socket_inet", "EACCES", "socket socket 13 +0 [AF_INET stream]"),
            ("socket_inet6", "EACCES", "socket socket 13 +0 [AF_INET6 datagram]"),
            ("socket_unix", "EACCES", "socket socket 13 +0 [AF_UNIX stream]"),
            ("socket_netlink", "EACCES", "socket socket 13 +0 [AF_NETLINK raw]"),
            ("datagram_pair", "EACCES", "socket socketpair 13 +0 [AF_UNIX datagram]"),
            ("raw_pair", "EACCES", "socket socketpair 13 +0 [AF_UNIX raw]"),
            ("connect", "EACCES", "socket connect 13 +0 []"),
            ("fork", "EPERM", "fork clone 1 +0 []"),
            ("clone", "EPERM", "fork clone 1 +0 []"),
            ("own_descriptors", "EPERM", "fork clone 1 +0 []"),
            ("spawn", "EPERM", "fork clone 1 +0 []"),
            ("execve", "EPERM", "exec execve 1 +0 [/bin/true]"),
            ("execveat", "EPERM", "exec execveat 1 +0 [/bin/true]"),
            ("kill_group", "EPERM", "signal kill 1 +0 [process 0]"),
            ("kill_all", "EPERM", "signal kill 1 +0 [process -1]"),
            ("own_parent", "EPERM", "signal fcntl 1 +0 []"),
            ("memory_file", "EPERM", "memory memfd_create 1 +0 []"),
            ("shared_memory", "EPERM", "ipc shmget 1 +0 []"),
            ("remove_segment", "EPERM", "ipc shmctl 1 +0 []"),
            ("read_queue", "EPERM", "ipc msgrcv 1 +0 []"),
            ("use_semaphore", "EPERM", "ipc semctl 1 +0 []"),
            ("remove_queue", "EPERM", "ipc mq_unlink 1 +0 []"),
            ("take_rings", "ENOSYS", "kernel io_setup 38 +0 []"),
            ("watch", "EPERM", "kernel inotify_init1 1 +0 []"),
            ("watch_folder", "EPERM", "open inotify_add_watch 1 +0 [/root]"),
            ("lease", "EPERM", "kernel fcntl 1 +0 []"),
            ("notify", "EPERM", "kernel fcntl 1 +0 []"),
            ("mount", "EPERM", "mount mount 1 +0 []"),
            ("chroot", "EPERM", "mount chroot 1 +0 []"),
            ("new_users", "EPERM", "namespace unshare 1 +0 []"),
            ("bpf", "EPERM", "kernel bpf 1 +0 []"),
            ("perf", "EPERM", "kernel perf_event_open 1 +0 []"),
            ("userfaultfd", "EPERM", "kernel userfaultfd 1 +0 []"),
            ("add_key", "EPERM", "kernel add_key 1 +0 []"),
            ("io_uring", "ENOSYS", "kernel io_uring_setup 38 +0 []"),
            ("set_personality", "EPERM", "kernel personality 1 +0 []"),
            ("type_ahead", "EPERM", "kernel ioctl 1 +0 []"),
        ]
    )
    func refused(_ attempt: String, _ result: String, _ denial: String) async throws {
        let worker = try await Worker.run("sandbox", attempt)
        #expect(worker.result == result)
        #expect(worker.denials == [denial])
        #expect(worker.ending == "exit 0")
    }

    @Test(
        "cannot reach the host that started it",
        arguments: [
            ("kill_parent", "signal kill"), ("tgkill_parent", "signal tgkill"), ("tkill_parent", "signal tkill"),
            ("queue_parent", "signal rt_sigqueueinfo"), ("trace_parent", "trace ptrace"),
            ("read_parent", "trace process_vm_readv"), ("open_parent", "trace pidfd_open"),
            ("limit_parent", "trace prlimit64"), ("pin_parent", "trace sched_setaffinity"),
            ("slow_parent", "trace setpriority"),
        ]
    )
    func host(_ attempt: String, _ words: String) async throws {
        let worker = try await Worker.run("sandbox", attempt)
        #expect(worker.result == "EPERM")
        #expect(worker.denials.count == 1)
        #expect(worker.denials.first?.hasPrefix(words + " 1 +0 [process ") == true)
    }

    @Test(
        "cannot loosen what holds it",
        arguments: ["own_filter", "outlive_host", "hide", "raise_limits"]
    )
    func settings(_ attempt: String) async throws {
        #expect(try await Worker.run("sandbox", attempt).result == "EPERM")
    }

    #if arch(x86_64)
    @Test("cannot fork by the call that the C library no longer uses")
    func rawFork() async throws {
        let worker = try await Worker.run("sandbox", "raw_fork")
        #expect(worker.result == "EPERM")
        #expect(worker.denials == ["fork fork 1 +0 []"])
    }
    #endif

    @Test("cannot fork by the call whose flags no filter can see")
    func clone3() async throws {
        #expect(try await Worker.run("sandbox", "clone3").result == "ENOSYS")
    }

    @Test("ends when it calls the kernel in a way whose numbers mean other things", arguments: ["x32", "32_bits"])
    func otherNumbers(_ attempt: String) async throws {
        #expect(try await Worker.run("sandbox", attempt).ending == "signal 31")
    }

    @Test("floods nobody with denials: they are counted, and the last one says how many there were")
    func flood() async throws {
        let denials = try await Worker.run("sandbox", "flood").denials
        let dropped = denials.compactMap { $0.firstMatch(of: /\+(\d+)/).flatMap { Int($0.1) } }
        #expect(denials.count + dropped.reduce(0, +) == 500)
        #expect((20...60).contains(denials.count))
    }

    @Test("waits once it asks the host more than it may")
    func pace() async throws {
        let worker = try await Worker.run("sandbox", "time_opens", "calls_per_second=2000")
        let microseconds = try #require(worker.after("open ").first?.split(separator: " ").first.flatMap { Double($0) })
        // 4000 opens, the first 2000 at once and the others in a second.
        #expect(microseconds > 200)
        #expect(worker.result == "done")
    }

    @Test("is refused everything that would be asked about once nobody listens any more")
    func unheard() async throws {
        let worker = try await Worker.run("sandbox", "until_unheard", "stop=1")
        #expect(worker.result == "ENOSYS")
        #expect(worker.ending == "exit 0")
    }

    @Test("opens files although signals interrupt it all the time")
    func interrupted() async throws {
        #expect(try await Worker.run("sandbox", "interrupted").result == "done")
    }

    @Test(
        "is refused the same without a listener, and nobody hears of it",
        arguments: ["fork", "kill_parent", "mount"]
    )
    func silent(_ attempt: String) async throws {
        let worker = try await Worker.run("sandbox", attempt, "listener=0")
        #expect(worker.result == "EPERM")
        #expect(worker.denials == [])
        #expect(worker.missing == "denials")
    }
}
