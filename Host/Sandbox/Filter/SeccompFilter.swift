import CSeccomp
import Glibc

/// The filter of a sandboxed worker's system calls.
///
/// Calls in another way of calling the kernel (32 bits, x32) end the worker: their numbers mean other things.
enum SeccompFilter {
    struct Result {
        let reports: [LayerReport]
        let listener: Int32?
    }

    /// Puts the filter on this thread, or on all when there are more.
    ///
    /// `rights` is what Landlock is going to refuse, nil when nothing; `reporting` asks for a listener.
    static func apply(rights: LandlockRights?, threads: Int, reporting: Bool) -> Result {
        let rules = CallRules.all(ownProcess: getpid(), rights: rights)
        let opens = rights.map { !$0.coversTruncation } ?? false
        if reporting, case .success(let listener) = load(rules, reporting: true, truncationRules: [], threads: threads)
        {
            let reach = rights == nil ? "" : ", files included"
            let denials = LayerReport(.denials, .applied, "what is refused is told to the host\(reach)")
            return Result(reports: [applied, denials], listener: listener)
        }
        // A filter around this process may have a listener already, or the kernel knows none.
        switch load(rules, reporting: false, truncationRules: opens ? truncation : [], threads: threads) {
        case .success: return Result(reports: [applied, withoutReports], listener: nil)
        case .failure(let problem):
            return Result(reports: [LayerReport(.seccomp, .failed, problem.text), withoutReports], listener: nil)
        }
    }

    private static let applied = LayerReport(
        .seccomp,
        .applied,
        "no processes, programs, sockets, foreign signals, tracing or mounts"
    )
    private static let withoutReports = LayerReport(
        .denials,
        .unavailable,
        "what is refused fails without a word to the host",
        fix: reportsFix
    )
    static let reportsFix =
        "Use Linux 5.9 or newer; in a container, one whose own seccomp filter has no listener of its own."

    struct Problem: Error { let text: String }

    private static func load(
        _ rules: [CallRule],
        reporting: Bool,
        truncationRules: [(call: String, flags: UInt32)],
        threads: Int
    ) -> Swift.Result<Int32?, Problem> {
        guard let filter = seccomp_init(allow) else { return .failure(Problem(text: "libseccomp: no memory")) }
        defer { seccomp_release(filter) }
        seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, killProcess)
        // The kernel's own error numbers instead of one for all.
        seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1)
        if threads > 1 { seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) }
        for rule in rules {
            guard let action = action(for: rule, reporting: reporting) else { continue }
            if let problem = add(rule.call, action, rule.conditions, to: filter) { return .failure(problem) }
        }
        for rule in truncationRules {
            let onlyTruncates = CallRule.Condition.masked(
                rule.flags,
                UInt64(O_ACCMODE | O_TRUNC),
                is: UInt64(O_TRUNC)
            )
            if let problem = add(rule.call, refusal(EACCES), [onlyTruncates], to: filter) { return .failure(problem) }
        }
        let result = seccomp_load(filter)
        guard result == 0 else { return .failure(Problem(text: "not in force: \(errorText(-result))")) }
        return .success(reporting ? seccomp_notify_fd(filter) : nil)
    }

    /// nil when the call is left to the kernel.
    private static func action(for rule: CallRule, reporting: Bool) -> UInt32? {
        if reporting, rule.isReported { return notify }
        guard case .refuse(let number) = rule.answer else { return nil }
        return refusal(number)
    }

    private static func add(
        _ call: String,
        _ action: UInt32,
        _ conditions: [CallRule.Condition],
        to filter: scmp_filter_ctx
    ) -> Problem? {
        guard let number = CallNumbers.number(of: call) else { return nil }
        let comparisons = conditions.map {
            scmp_arg_cmp(arg: $0.argument, op: $0.comparison, datum_a: $0.first, datum_b: $0.second)
        }
        let result = seccomp_rule_add_array(filter, action, number, UInt32(comparisons.count), comparisons)
        // Some libseccomps name calls that this architecture has not got.
        guard result == 0 || result == -EDOM else { return Problem(text: "\(call): \(errorText(-result))") }
        return nil
    }

    /// Where an open says how; a file may be emptied by opening it for reading, before Landlock's version 3.
    private static let truncation: [(call: String, flags: UInt32)] = [("open", 1), ("openat", 2)]

    // The macros of seccomp.h and linux/seccomp.h, which Swift does not see.
    private static let allow: UInt32 = 0x7FFF_0000
    private static let notify: UInt32 = 0x7FC0_0000
    private static let killProcess: UInt32 = 0x8000_0000
    private static func refusal(_ number: Int32) -> UInt32 { 0x0005_0000 | UInt32(number) }
}
