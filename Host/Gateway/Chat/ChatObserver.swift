package import Core

/// Who measures the requests of models.
///
/// The functions are called on the request's way: they must be quick and never wait.
package struct ChatObserver: Sendable {
    /// Which part of the traces that begin here is exported, 0...1.
    package let sample: Double
    package let began: @Sendable (_ isStreaming: Bool) -> Void
    /// Called once for each request that began, whatever became of it.
    package let finished: @Sendable (ModelCall) -> Void

    package init(
        sample: Double = 0,
        began: @escaping @Sendable (_ isStreaming: Bool) -> Void = { _ in },
        finished: @escaping @Sendable (ModelCall) -> Void = { _ in }
    ) {
        self.sample = sample
        self.began = began
        self.finished = finished
    }

    package static let none = ChatObserver()
}
