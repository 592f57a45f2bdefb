import PluginRuntime

extension SkillCall {
    /// The same call with what is left of its time.
    func left(until deadline: UInt64) -> SkillCall {
        SkillCall(
            operation: operation,
            parameters: parameters,
            context: context,
            timeout: MonotonicClock.left(until: deadline),
            events: events
        )
    }
}
