import Glibc

/// Keeps descriptors free for what a host must always be able to do: accept a connection, write the audit.
package enum DescriptorReserve {
    /// Never given to workers.
    static let kept = 64
    /// What one worker takes of the host's own: its socket, pipe, pidfd, and what hears of its denials.
    static let perWorker = 10

    /// Lets the process open as many files as it may at all.
    ///
    /// The soft limit is often 1024, which some hundred workers use up.
    package static func raiseLimit() {
        guard var limit = limit(), limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Why there is no room for one more worker; nil when there is.
    static func refusal() -> String? {
        guard let limit = limit() else { return nil }
        let open = ProcessSample(of: getpid())?.descriptors ?? 0
        guard UInt64(open + perWorker + kept) > UInt64(limit.rlim_cur) else { return nil }
        return "\(open) of \(limit.rlim_cur) descriptors of the host are open and \(kept) are kept back; "
            + "raise the limit (ulimit -n, or LimitNOFILE= of the service)"
    }

    private static func limit() -> rlimit? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    }
}
