/// A named list of provider entries with the rules by which one of them answers.
package struct RouteSettings: Sendable, Hashable {
    /// One provider of a route, with the model to ask it for when it is not the entry's own.
    package struct Target: Sendable, Hashable {
        package var provider: String
        package var model: String?

        package init(provider: String, model: String? = nil) {
            self.provider = provider
            self.model = model
        }
    }

    /// What follows when a stream ends early after tokens have gone out.
    package enum OnCut: String, Sendable, CaseIterable {
        /// A clean error.
        case error
        /// The next candidate takes the answer up where it was cut.
        case `continue`
    }

    /// What follows when a model refuses the request itself: too long a context, a content filter.
    package enum OnRefusal: String, Sendable, CaseIterable {
        case error, failover
    }

    package enum Strategy: String, Sendable, CaseIterable {
        /// In the order of the list.
        case priority
        /// The first is drawn by weight, and so is each one after it.
        case weighted
    }

    /// What is put before the conversation as a system prompt.
    package enum Persona: Sendable, Hashable {
        case none
        /// What identity.yaml says.
        case identity
        case text(String)
    }

    /// What API clients send as `model` or as `task_type`.
    package var name: String
    package var targets: [Target]
    /// Models that clients may ask for and that this route answers.
    package var models: [ModelPattern] = []
    /// How often the same provider is asked again after a fault that may pass.
    package var retries = 1
    /// How often providers are asked in all.
    package var attempts = 6
    package var connectLimit = Duration.seconds(5)
    /// Until the first content, tool call or reasoning of an attempt.
    package var firstTokenLimit = Duration.seconds(10)
    /// Between two pieces of an answer.
    package var idleLimit = Duration.seconds(15)
    /// Over all attempts, to the end of the answer.
    package var deadline = Duration.seconds(60)
    package var onCut = OnCut.error
    package var onRefusal = OnRefusal.error
    package var strategy = Strategy.priority
    /// By provider entry, finite and not negative; 1 for those that are not there, and 0 comes last.
    package var weights: [String: Double] = [:]
    /// Asked to wait for longer, the next provider is asked instead.
    package var maxRetryAfter = Duration.seconds(5)
    /// Before the first repetition; it doubles, and is jittered.
    package var firstBackoff = Duration.milliseconds(500)
    package var persona = Persona.none

    package init(name: String, targets: [Target] = []) {
        self.name = name
        self.targets = targets
    }

    /// The route of chats for which the client names none.
    package static let defaultName = "default_llm_tasks"
}

/// When a provider that fails again and again is left alone.
package struct BreakerSettings: Sendable, Hashable {
    /// So many failures within the window open it.
    package var failures = 5
    package var window = Duration.seconds(30)
    /// After so long one request tries again.
    package var openTime = Duration.seconds(15)

    package init() {}
}
