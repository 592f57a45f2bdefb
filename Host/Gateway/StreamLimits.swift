import Core
import PluginRuntime

/// How long a stream may stand still, on which side ever.
package struct StreamLimits: Sendable, Hashable {
    /// Until the skill's first event.
    package var firstEvent: Duration
    /// Between two events, while the reader waits for the next one.
    package var gap: Duration
    /// Until the reader takes an event that waits for it.
    package var stall: Duration

    package init(
        firstEvent: Duration = .seconds(30),
        gap: Duration = .seconds(30),
        stall: Duration = .seconds(30)
    ) {
        self.firstEvent = firstEvent
        self.gap = gap
        self.stall = stall
    }

    /// Runs a call and ends it when one of the limits passes.
    func watching(_ queue: EventQueue, _ call: @escaping @Sendable () async -> CallOutcome) async -> CallOutcome {
        let begun = MonotonicClock.now()
        return await withTaskGroup(of: CallOutcome?.self) { group in
            group.addTask { await call() }
            group.addTask { await watch(queue, begun).map(CallOutcome.failure) }
            var outcome: CallOutcome?
            while outcome == nil, let next = await group.next() { outcome = next }
            group.cancelAll()
            return outcome ?? .failure(.callCancelled)
        }
    }

    /// Returns why the stream must end; nil when the call was over before.
    private func watch(_ queue: EventQueue, _ begun: UInt64) async -> Failure? {
        while !Task.isCancelled {
            let now = MonotonicClock.now()
            let (since, limit, failure) = standing(queue, begun)
            let elapsed = now > since ? Duration.nanoseconds(Int64(clamping: now - since)) : .zero
            if elapsed >= limit { return failure }
            // Another, shorter limit may begin meanwhile.
            try? await Task.sleep(for: max(.milliseconds(5), min(limit - elapsed, gap, stall)))
        }
        return nil
    }

    private func standing(_ queue: EventQueue, _ begun: UInt64) -> (since: UInt64, limit: Duration, Failure) {
        if let since = queue.waitingSince { return (since, stall, .slowConsumer) }
        if let due = queue.dueSince { return (due, gap, .eventLate("The next event", gap)) }
        return (begun, firstEvent, .eventLate("The first event", firstEvent))
    }
}

extension Failure {
    fileprivate static func eventLate(_ which: String, _ limit: Duration) -> Failure {
        Failure(
            .deadline,
            code: "plugin_timeout",
            message: "\(which) of the skill's stream did not come within \(limit).",
            hint: "Ask for less, or raise the limit in `streams:` of praximous.yaml."
        )
    }
}
