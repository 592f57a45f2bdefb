import Core

extension Failure {
    static func invalidKey(bytes: Int) -> Failure {
        Failure(
            .invalid,
            code: "invalid_idempotency_key",
            message: "An Idempotency-Key has 1 to \(IdempotencyStore.maxKeyBytes) bytes, found \(bytes).",
            hint: "Use a random UUID for each new request."
        )
    }

    static let keyReused = Failure(
        .unprocessable,
        code: "idempotency_key_reused",
        message: "This Idempotency-Key was used for a request with another body.",
        hint: "Use a new key for each new request, and the old one only to repeat the same request."
    )

    static let inProgress = Failure(
        .conflict,
        code: "idempotency_in_progress",
        message: "A request with this Idempotency-Key is under way.",
        hint: "Wait until it has ended, then repeat it.",
        retryAfterMilliseconds: 1000
    )

    static let answerNotKept = Failure(
        .conflict,
        code: "idempotency_answer_not_kept",
        message: "A request with this Idempotency-Key was answered; the answer was too large to be kept.",
        hint: "Use a new key to run the request again."
    )

    static let storeFull = Failure(
        .busy,
        code: "idempotency_store_full",
        message: "Too many requests with an Idempotency-Key are under way.",
        hint: "Try again in a moment.",
        retryAfterMilliseconds: 1000
    )

    static let leftWaiting = Failure(
        .cancelled,
        code: "cancelled",
        message: "The caller left while an equal request was under way."
    )
}
