import PluginRuntime

/// Lets so many plugins start at a time.
final class StartSlots: Sendable {
    private let free = Semaphore()

    init(count: Int) {
        for _ in 0..<count { free.signal() }
    }

    func take() { free.wait() }
    func give() { free.signal() }
}
