import PraximousJSON

/// Plugins that take what belongs to the whole process.
extension FaultTable {
    private static let outlives = Expectation.notTested("they would outlive the host")

    static let processes = [
        FaultRow(10, "signal handlers in a call", "signal_handlers", everywhere: .works),
        FaultRow(
            10,
            "signal handlers in create()",
            .load(.signalsInCreate),
            inproc: .isRefused.counting("signal_handlers").logging("changed the host's signal handlers"),
            worker: .works.within(12_000)
        ),
        FaultRow(11, "fork()", "fork", inproc: .works, process: .works, sandbox: .denied),
        FaultRow(11, "children left behind", "fork_lingering", inproc: outlives, process: .works, sandbox: .denied),
        FaultRow(
            11,
            "a child that holds the line, then abort()",
            "fork_and_crash",
            inproc: outlives,
            process: .crashes(),
            sandbox: .denied
        ),
        FaultRow(
            12,
            "execve()",
            "exec",
            inproc: .notTested("replaces the host, which nothing can prevent"),
            process: .crashes("exited", "crashed", "protocol_violation").or(.isKilled("unresponsive")),
            sandbox: .denied
        ),
        FaultRow(12, "system()", "system", inproc: .works, process: .works, sandbox: .denied),
        FaultRow(
            12,
            "programs, with a permission",
            .call("system", of: .startsPrograms),
            // It is not let into the host, and only the operator can take the permission away.
            inproc: .works.logging("runs as process"),
            process: .works.logging("may start programs; runs without the sandbox"),
            sandbox: .denied.logging("(process.spawn), which sandbox refuses"),
            strict: .denied.logging("(process.spawn), which strict refuses")
        ),
        FaultRow(24, "20,000 log lines", "log_flood", everywhere: .works.logging("dropped").within(5000)),
        FaultRow(
            24,
            "4 MiB on standard error",
            "stderr_flood",
            inproc: .notTested("is the host's own log"),
            worker: .works.within(5000)
        ),
        FaultRow(
            25,
            "prints to standard output",
            "write_stdout",
            everywhere: .works.logging("stray words on standard output")
        ),
        FaultRow(25, "reads standard input", "read_stdin", everywhere: .works(["read": 0])),
        FaultRow(26, "directory, umask, locale, environment", "process_state", everywhere: .works),
        FaultRow(
            28,
            "constructor crashes",
            .load(.constructorCrashes),
            inproc: .isRefused,
            worker: .isRefused.counting("start_failed")
        ),
        FaultRow(28, "constructor writes a file", .load(.constructorWrites), everywhere: .works.within(12_000)),
        FaultRow(29, "thread outlives its instance", .restart(after: "leave_thread"), everywhere: .works),
    ]
}
