/// What the audit log keeps of a request of a model beside what it keeps of every request.
package struct ModelUse: Sendable, Hashable {
    /// The upstream's name for the model that answered.
    package var model: String?
    package var usage: TokenUsage?
    /// In millionths of a US dollar; nil when nothing is known of the price.
    package var costMicros: Int64?
    /// How many times providers were asked.
    package var attempts: Int
    /// From the request's arrival to the first content that went out; streams alone.
    package var firstTokenMicroseconds: Int64?

    package init(
        model: String? = nil,
        usage: TokenUsage? = nil,
        costMicros: Int64? = nil,
        attempts: Int = 0,
        firstTokenMicroseconds: Int64? = nil
    ) {
        self.model = model
        self.usage = usage
        self.costMicros = costMicros
        self.attempts = attempts
        self.firstTokenMicroseconds = firstTokenMicroseconds
    }
}
