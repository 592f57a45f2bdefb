import PluginRuntime

/// Whether a provider that fails again and again is left alone for a while.
///
/// Pure: times are nanoseconds of CLOCK_MONOTONIC, passed in. Closed, it counts; it opens when there were enough
/// failures within the window and at least every second call failed, so that a busy provider with a few errors stays.
/// Open, it says so for the open time; then one call, the probe, decides.
struct CircuitBreaker: Sendable {
    /// How a call went, as far as the provider is concerned.
    enum Verdict: Sendable, Hashable {
        case success, failure
        /// The caller was to blame, or left.
        case neutral
    }

    /// A call under way; its end is told with it.
    struct Pass: Sendable, Hashable {
        fileprivate let generation: Int
        fileprivate let isProbe: Bool
    }

    private enum State: Sendable {
        case closed(RollingCount)
        case open(until: UInt64)
        /// The probe is taken for lost when it has not ended by then.
        case probing(until: UInt64)
    }

    private var state = State.closed(RollingCount())
    /// Changes with every change of the state: what began before says nothing about now.
    private var generation = 0

    /// Whether calls should go elsewhere.
    func isOpen(at now: UInt64) -> Bool {
        switch state {
        case .closed: false
        case .open(let until), .probing(let until): now < until
        }
    }

    enum Condition: Int {
        case closed, open, halfOpen
    }

    func condition(at now: UInt64) -> Condition {
        switch state {
        case .closed: .closed
        case .open(let until): now < until ? .open : .halfOpen
        case .probing: .halfOpen
        }
    }

    /// A call begins, be it that there is nobody else to ask.
    mutating func begin(at now: UInt64, _ settings: BreakerSettings) -> Pass {
        if case .closed = state { return Pass(generation: generation, isProbe: false) }
        guard !isOpen(at: now) else { return Pass(generation: generation, isProbe: true) }
        change(to: .probing(until: now.addingClamped(settings.openTime)))
        return Pass(generation: generation, isProbe: true)
    }

    /// A call ended.
    mutating func end(_ pass: Pass, _ verdict: Verdict, at now: UInt64, _ settings: BreakerSettings) {
        guard pass.generation == generation, verdict != .neutral || pass.isProbe else { return }
        switch state {
        case .closed(var count):
            count.add(isFailure: verdict == .failure, at: now, window: settings.window)
            state = .closed(count)
            let (failures, total) = count.within(settings.window, at: now)
            guard failures >= max(1, settings.failures), failures * 2 >= total else { return }
            change(to: .open(until: now.addingClamped(settings.openTime)))
        case .probing:
            switch verdict {
            case .success: change(to: .closed(RollingCount()))
            case .failure: change(to: .open(until: now.addingClamped(settings.openTime)))
            // It proved nothing: the next call is the probe.
            case .neutral: change(to: .open(until: now))
            }
        case .open:
            // Nobody else was left to ask; its failure does not put the probe off.
            if verdict == .success { change(to: .closed(RollingCount())) }
        }
    }

    private mutating func change(to next: State) {
        state = next
        generation += 1
    }
}

/// Calls and failures of the last while, in ten slices of the window.
private struct RollingCount: Sendable {
    private static let slices: UInt64 = 10
    private var counts: [(slice: UInt64, failures: Int, total: Int)] = []

    mutating func add(isFailure: Bool, at now: UInt64, window: Duration) {
        let slice = now / Self.length(window)
        if counts.last?.slice != slice {
            counts.removeAll { $0.slice &+ Self.slices <= slice }
            counts.append((slice, 0, 0))
        }
        counts[counts.count - 1].total += 1
        if isFailure { counts[counts.count - 1].failures += 1 }
    }

    func within(_ window: Duration, at now: UInt64) -> (failures: Int, total: Int) {
        let slice = now / Self.length(window)
        return counts.lazy.filter { $0.slice &+ Self.slices > slice }
            .reduce((0, 0)) { ($0.0 + $1.failures, $0.1 + $1.total) }
    }

    private static func length(_ window: Duration) -> UInt64 { max(1, window.nanoseconds / slices) }
}

extension UInt64 {
    fileprivate func addingClamped(_ duration: Duration) -> UInt64 { addingClamped(duration.nanoseconds) }
}
