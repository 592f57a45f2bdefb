/// One call of a skill's operation.
package struct SkillCall: Sendable {
    package let operation: String
    /// One JSON value.
    package let parameters: [UInt8]
    package let context: CallContext
    package let timeout: Duration
    /// Where streamed events go; nil when nobody listens.
    package let events: EventQueue?

    package init(
        operation: String,
        parameters: [UInt8],
        context: CallContext,
        timeout: Duration,
        events: EventQueue? = nil
    ) {
        self.operation = operation
        self.parameters = parameters
        self.context = context
        self.timeout = timeout
        self.events = events
    }
}

/// What runs the calls of one plugin: an instance in this process, or a worker process and whatever follows its end.
package protocol SkillRunner: AnyObject, Sendable {
    /// Runs one call; its result is one JSON value.
    ///
    /// nil when the runner had been retired before the call began: another one serves the skill by now.
    func call(_ call: SkillCall) async -> CallOutcome?

    /// Whether calls may overlap: one that may not must not be called by what it has called.
    var isConcurrent: Bool { get }

    /// A caller for the thread that uses it; nil where calls cannot run on the caller's thread, or not now.
    func inlineCaller() -> InlineCaller?

    /// No new calls; those under way are finished, then everything of the plugin goes.
    func retire()
}
