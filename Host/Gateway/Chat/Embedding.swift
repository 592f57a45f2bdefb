package import Core

/// One request of vectors for texts.
package struct EmbeddingRequest: Sendable {
    /// As in ``ChatRequest/model``.
    package var model: String
    /// Never empty.
    package var inputs: [String]
    /// How many numbers each vector shall have; nil leaves it to the model.
    package var dimensions: Int?
    package var provider: String?
    package var deadline: Duration?

    package init(
        model: String,
        inputs: [String],
        dimensions: Int? = nil,
        provider: String? = nil,
        deadline: Duration? = nil
    ) {
        self.model = model
        self.inputs = inputs
        self.dimensions = dimensions
        self.provider = provider
        self.deadline = deadline
    }
}

/// The vectors of an embedding request, and what they took.
package struct EmbeddingAnswer: Sendable {
    /// The vectors one after the other, in the order of the inputs: `dimensions` numbers each.
    package var vectors: [Float]
    package var dimensions: Int
    package var provider: String
    package var model: String
    package var usage: TokenUsage?
    package var attempts: Int
    package var costMicros: Int64?
    package var latencyMicroseconds: Int64
    package var overheadMicroseconds: Int64
    package var rateLimit: RateLimitState?

    package init(
        vectors: [Float],
        dimensions: Int,
        provider: String,
        model: String,
        usage: TokenUsage? = nil,
        attempts: Int = 1,
        costMicros: Int64? = nil,
        latencyMicroseconds: Int64 = 0,
        overheadMicroseconds: Int64 = 0,
        rateLimit: RateLimitState? = nil
    ) {
        self.vectors = vectors
        self.dimensions = dimensions
        self.provider = provider
        self.model = model
        self.usage = usage
        self.attempts = attempts
        self.costMicros = costMicros
        self.latencyMicroseconds = latencyMicroseconds
        self.overheadMicroseconds = overheadMicroseconds
        self.rateLimit = rateLimit
    }

    package var count: Int { dimensions > 0 ? vectors.count / dimensions : 0 }
}
