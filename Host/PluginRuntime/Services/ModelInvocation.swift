/// A child request of a model that its plugin may make on behalf of the call it serves.
package struct ModelInvocation: Sendable {
    package enum Capability: String, Sendable {
        case chat, embed
    }

    /// The call that waits for it, whose deadline, principal and end are the child's too.
    package let parent: ServedCall
    package let capability: Capability
    /// As clients name models.
    package let model: String
    /// One JSON value: of `chat` an OpenAI chat-completions request, of `embed` `{"input":…,"dimensions":…}`.
    package let request: [UInt8]
    /// How many tokens of output it may ask for; nil is no limit.
    package let maxTokens: Int?
    package let wantsEvents: Bool

    package init(
        parent: ServedCall,
        capability: Capability,
        model: String,
        request: [UInt8],
        maxTokens: Int?,
        wantsEvents: Bool
    ) {
        self.parent = parent
        self.capability = capability
        self.model = model
        self.request = request
        self.maxTokens = maxTokens
        self.wantsEvents = wantsEvents
    }
}
