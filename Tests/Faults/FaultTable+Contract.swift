import PraximousJSON

/// Plugins that do what the headers forbid.
extension FaultTable {
    static let misuses = [
        FaultRow(21, "emits after the end", "emit_after_finish", everywhere: .works(["ok": true])),
        FaultRow(21, "ends a call twice", "finish_twice", everywhere: .works(["ok": true])),
        FaultRow(
            21,
            "ends a call six times",
            "finish_often",
            everywhere: .works(["ok": true]).counting("misbehaved")
        ),
        FaultRow(21, "returns without an end", "never_finish", everywhere: .fails(500, "no_result")),
        FaultRow(
            21,
            "promises an end that never comes",
            "pending_for_ever",
            inproc: .isLate,
            worker: .isKilled("timeout")
        ),
        FaultRow(22, "uses a handle that has ended", "use_after_end", everywhere: .works(["accepted": 0])),
        FaultRow(
            27,
            "two plugins with one hidden symbol",
            .callBoth("symbol_clash"),
            everywhere: .works(["answer": 1])
        ),
        FaultRow(
            27,
            "exports a second symbol",
            .load(.exportsMore),
            everywhere: .isRefused.logging("besides prax_plugin_entry")
        ),
        FaultRow(
            35,
            "calls itself through the host",
            .call("recursion", target),
            everywhere: .fails(400, "too_deep").within(5000)
        ),
        FaultRow(
            35,
            "calls itself, one call at a time",
            .call("recursion", target, of: .serial),
            everywhere: .fails(400, "busy").or(.fails(400, "too_deep")).within(5000)
        ),
    ]

    private static let target: JSON = ["target": "skill:acme/faults/recursion"]

    static let streams = [
        FaultRow(18, "reader reads nothing", .flood(isRead: false), everywhere: .works.within(15_000)),
        FaultRow(20, "reader is slow", .flood(isRead: true), everywhere: .works.within(15_000)),
        FaultRow(19, "first event never comes", .stream("late_first_event"), everywhere: .isLate),
        FaultRow(19, "gap between events", .stream("gap"), everywhere: .isLate),
    ]

    static let results = [
        FaultRow(23, "result is no UTF-8", "invalid_utf8", everywhere: .fails(500, "bad_output")),
        FaultRow(23, "result with NUL", "nul_inside", everywhere: .fails(500, "bad_output")),
        FaultRow(23, "half a result", "half_a_value", everywhere: .fails(500, "bad_output")),
        FaultRow(23, "result of 2^63 bytes", "huge_length", everywhere: .fails(500, "too_large")),
        FaultRow(23, "result of 17 MiB", "too_large_result", everywhere: .fails(500, "too_large").within(5000)),
        FaultRow(23, "result of 3 MiB, allowed", "large_result", everywhere: .works.within(8000)),
    ]

    private static let noLine = Expectation.notTested("there is no line")
    private static let breach = Expectation.crashes("protocol_violation")

    /// A frame is u32 payload bytes, u8 kind, u8 flags, u16 0, u32 call, payload, little-endian.
    static let wire = [
        FaultRow(34, "noise", .line(String(repeating: "a5f00ff05a", count: 20)), inproc: noLine, worker: breach),
        FaultRow(34, "frame of 4 GiB", .line("f0ffffff 0d000000 01000000"), inproc: noLine, worker: breach),
        FaultRow(34, "unknown kind", .line("00000000 c8000000 01000000"), inproc: noLine, worker: breach),
        FaultRow(34, "a call, to the host", .line("02000000 0a000000 01000000 7b7d"), inproc: noLine, worker: breach),
        FaultRow(34, "end of no call", .line("02000000 0d000000 efbeadde 7b7d"), inproc: noLine, worker: breach),
        FaultRow(
            34,
            "half a frame",
            .line("00100000 0d000000 01000000 7b7d"),
            inproc: noLine,
            // What follows is taken for the rest of it, until the host misses its pings.
            worker: .isKilled("unresponsive").or(breach).within(8000)
        ),
    ]
}
