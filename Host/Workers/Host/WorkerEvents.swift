package import PluginRuntime
package import Sandbox

/// How a worker ended.
package struct WorkerEnd: Sendable {
    /// nil when it was told to go, and went without breaking off a call.
    package let fault: FaultKind?
    /// It had been told to go: a fault says nothing about the worker that has taken its place.
    package let wasLeaving: Bool
    /// What the process itself did; nil when it could not be waited for.
    package let ending: ProcessEnding?
    /// The last lines the plugin printed, for the log.
    package let lastWords: String
}

/// What whoever keeps a worker wants to hear of it, on any thread.
package struct WorkerListener: Sendable {
    /// Exactly once, when its process is gone and nobody waits for it any more.
    package let ended: @Sendable (WorkerEnd) -> Void
    /// The kernel refused it something.
    package let denied: @Sendable (Denial) -> Void
    /// It broke the rules of the header too often; it still serves.
    package let misbehaved: @Sendable () -> Void

    package init(
        ended: @escaping @Sendable (WorkerEnd) -> Void,
        denied: @escaping @Sendable (Denial) -> Void,
        misbehaved: @escaping @Sendable () -> Void
    ) {
        self.ended = ended
        self.denied = denied
        self.misbehaved = misbehaved
    }
}

/// Why there is no worker.
package enum WorkerStartFailure: Error, Sendable {
    /// The plugin cannot be loaded, today or tomorrow.
    case refused(Refusal)
    /// It was being loaded when it failed.
    case failed(WorkerEnd)
    /// No process could be made for it.
    case noProcess(String)
}
