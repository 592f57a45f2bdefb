/// What a client asks of a stream beside the request itself, where a model answers.
struct StreamWishes: Sendable, Equatable {
    var provider: String?
    var idempotencyKey: String?
    var deadline: Duration?
}
