import PraximousJSON
import TestSupport

/// The faults a plugin can have, and what the host makes of each.
enum FaultTable {
    static let rows = (endings + hangs + memory + resources + processes + misuses + streams + results + wire)
        .sorted { $0.number < $1.number }

    private static let noWorker = Expectation.notTested("there is no worker")

    private static let endings = [
        FaultRow(1, "null pointer", "segfault", inproc: .hostEnds(139), worker: .crashes()),
        FaultRow(2, "abort()", "abort", inproc: .hostEnds(134), worker: .crashes()),
        FaultRow(3, "trap", "trap", inproc: .hostEnds(132), worker: .crashes().logging("last words of the plugin")),
        FaultRow(9, "exit(0)", "exit_zero", inproc: .hostEnds(0), worker: .crashes("exited")),
        FaultRow(9, "_exit(0)", "exit_now", inproc: .hostEnds(0), worker: .crashes("exited")),
        FaultRow(14, "stack overflow", "stack_overflow", inproc: .hostEnds(139), worker: .crashes()),
        FaultRow(16, "C++ exception", "cxx_exception", inproc: .hostEnds(134), worker: .crashes()),
        FaultRow(31, "host killed", .killsHost, inproc: noWorker, worker: .works),
        FaultRow(32, "crash loop", .again("abort"), inproc: .notTested("see 2"), worker: .crashes()),
    ]

    private static let hangs = [
        FaultRow(4, "infinite loop", "infinite_loop", inproc: .hangs, worker: .isKilled("timeout")),
        FaultRow(
            4,
            "three infinite loops at once",
            .together(3, "infinite_loop"),
            inproc: .hangs.counting("timeout", times: 3).logging("serve --supervised"),
            worker: .isKilled("timeout")
        ),
        FaultRow(
            4,
            "infinite loops of two plugins at once, serve --supervised",
            .supervised(3, "infinite_loop"),
            inproc: Expectation(outcome: .hostRestarts, withinMilliseconds: 4000),
            worker: .isKilled("timeout")
        ),
        FaultRow(5, "deadlock", "deadlock", inproc: .hangs, worker: .isKilled("timeout")),
        FaultRow(6, "deaf to cancelling", "ignore_cancel", inproc: .hangs, worker: .isKilled("timeout")),
        FaultRow(
            6,
            "deaf to every signal",
            "ignore_signals",
            inproc: .notTested("the signals are the host's"),
            worker: .isKilled("timeout")
        ),
        FaultRow(
            33,
            "SIGSTOP",
            "stop_self",
            inproc: .notTested("stops the host"),
            worker: .isKilled("unresponsive")
        ),
    ]

    private static let corrupts = Expectation.notTested("would leave the host with wrong memory")
    private static let memory = [
        FaultRow(15, "writes over the ends of blocks", "heap_overflow", inproc: .hostEnds(134), worker: .crashes()),
        FaultRow(15, "double free", "double_free", inproc: .hostEnds(134), worker: .crashes()),
        FaultRow(15, "write after free", "write_after_free", inproc: corrupts, worker: .surprises),
        FaultRow(15, "8 bytes over the end of a block", "small_overrun", inproc: corrupts, worker: .surprises),
        FaultRow(17, "longjmp out of a callback", "longjmp", inproc: .notTested("undefined"), worker: .surprises),
        FaultRow(
            30,
            "second C++ runtime",
            .call("other_runtime", of: .otherRuntime),
            inproc: .notTested("not supported"),
            worker: .works(["words": 10])
        ),
        FaultRow(
            30,
            "second Swift runtime",
            "ok",
            inproc: .notTested("not supported"),
            worker: .notTested("needs another toolchain")
        ),
    ]

    /// Answers, and is ended once somebody has counted.
    private static let leavesThreads = Expectation.works.or(.crashes("threads")).counting("threads")
    private static let resources = [
        FaultRow(
            7,
            "memory",
            "eat_memory",
            inproc: .notTested("may take the machine with it"),
            worker: .crashes("memory", "crashed").within(10_000)
        ),
        FaultRow(
            8,
            "descriptors",
            "leak_descriptors",
            inproc: .notTested("nothing keeps the host's from it"),
            worker: .works(["is_limited": 1]).or(.crashes("descriptors"))
        ),
        FaultRow(
            8,
            "descriptors, until the host has none",
            "leak_descriptors",
            inproc: .notTested("nothing keeps the host's from it"),
            worker: .notTested("see FaultTableTests")
        ),
        FaultRow(13, "500 threads left", "leak_threads", inproc: .works, worker: leavesThreads),
        FaultRow(
            13,
            "500 threads that stay",
            "thread_bomb",
            inproc: .notTested("see above"),
            process: .crashes("threads").within(5000),
            sandbox: .crashes("threads").within(5000),
            strict: .crashes("threads").or(.works(["is_limited": 1])).within(5000)
        ),
        FaultRow(
            36,
            "store full",
            "fill_store",
            everywhere: .works(["refused": true, "is_intact": true]).within(5000)
        ),
        FaultRow(
            36,
            "disk full",
            .call("fill_store", of: .largeStore),
            everywhere: SmallDisk.isAvailable
                ? .works(["refused": true, "is_intact": true]).logging("database or disk is full").within(5000)
                : .notTested("needs a mount namespace")
        ),
    ]
}
