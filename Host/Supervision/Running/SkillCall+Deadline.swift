import PluginRuntime

extension SkillCall {
    /// The same call with what is left of its time.
    func left(until deadline: UInt64) -> SkillCall {
        let now = MonotonicClock.now()
        return SkillCall(
            operation: operation,
            parameters: parameters,
            context: context,
            timeout: .nanoseconds(Int64(clamping: deadline > now ? deadline - now : 0)),
            events: events
        )
    }
}
