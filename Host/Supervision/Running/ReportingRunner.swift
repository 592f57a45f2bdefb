import PluginRuntime

/// A runner that knows how its plugin stands.
protocol ReportingRunner: SkillRunner {
    /// Fills in what the runner alone knows.
    func complete(_ report: inout PluginReport)
}
