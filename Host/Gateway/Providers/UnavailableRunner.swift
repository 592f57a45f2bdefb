package import Core
package import PluginRuntime

/// Stands in for a provider that could not be brought to life: the next one is asked instead.
package final class UnavailableRunner: SkillRunner {
    package let failure: Failure

    package init(_ failure: Failure) { self.failure = failure }

    package func call(_ call: SkillCall) async -> CallOutcome? { .failure(failure) }
    package var isConcurrent: Bool { true }
    package func inlineCaller() -> InlineCaller? { nil }
    package func retire() {}
}

extension Failure {
    /// Its reason is for the operator, whom the log and `GET /api/v1/providers` tell.
    package static let providerRefused = Failure(
        .unavailable,
        code: "provider_unavailable",
        message: "The provider could not be started.",
        hint: "GET /api/v1/providers says why."
    )
}
