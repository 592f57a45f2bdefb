import PluginRuntime
/// The limits of time and of patience that every worker has.
package struct WorkerSettings: Sendable, Hashable {
    package var startTimeout = Duration.seconds(10)
    /// How long a plugin may hold on to a call that was given up.
    package var cancelGrace = Duration.milliseconds(500)
    package var pingInterval = Duration.seconds(2)
    package var maxMissedPings = 3
    package var drainTimeout = Duration.seconds(30)
    /// How long a plugin may keep a thread in a call that it has ended.
    package var maxLingering = Duration.seconds(10)
    /// How often memory, threads and descriptors are looked at while calls are running.
    package var sampleInterval = Duration.milliseconds(200)
    package var maxCalls = 1024
    package var maxLogLinesPerSecond = 100

    package init() {}
}

/// Whether one worker lives as it should, as a state machine without a clock: what has happened and what time it is
/// come in, what is to be done comes out.
struct WorkerVitals {
    enum Phase: Sendable, Equatable {
        case starting, serving, draining, ended
    }

    enum Action: Sendable, Equatable {
        case ping(UInt64)
        case sample
        /// End the process: that is what is wrong with it.
        case kill(FaultKind)
        /// End the process: it was told to go and does not.
        case killLeaving
    }

    private let settings: WorkerSettings
    private(set) var phase = Phase.starting
    private var phaseEnds: UInt64
    private var nextPing: UInt64 = .max
    private var nextSample: UInt64 = .max
    private var lastToken: UInt64 = 0
    private var missed = 0

    init(settings: WorkerSettings, at now: UInt64) {
        self.settings = settings
        phaseEnds = now.addingClamped(settings.startTimeout.nanoseconds)
    }

    /// The plugin's code begins to run.
    mutating func loading(at now: UInt64) {
        guard phase == .starting else { return }
        nextSample = now.addingClamped(settings.sampleInterval.nanoseconds)
    }

    mutating func ready(at now: UInt64) {
        guard phase == .starting else { return }
        phase = .serving
        phaseEnds = .max
        nextPing = now.addingClamped(settings.pingInterval.nanoseconds)
        nextSample = now.addingClamped(settings.sampleInterval.nanoseconds)
    }

    mutating func drain(at now: UInt64) {
        guard phase == .serving || phase == .starting else { return }
        phase = .draining
        phaseEnds = now.addingClamped(settings.drainTimeout.nanoseconds)
    }

    mutating func end() { phase = .ended }

    /// The worker answered a ping; an old or invented token is no sign of life.
    mutating func pong(_ token: UInt64, lingeringMilliseconds: UInt32) -> FaultKind? {
        guard token == lastToken else { return nil }
        missed = 0
        let limit = settings.maxLingering.nanoseconds / 1_000_000
        return UInt64(lingeringMilliseconds) > limit ? .timeout : nil
    }

    /// A call has begun: from now on what the worker uses is looked at soon.
    mutating func callBegan(at now: UInt64) -> Bool {
        let soon = now.addingClamped(settings.sampleInterval.nanoseconds)
        guard soon < nextSample else { return false }
        nextSample = soon
        return true
    }

    /// What is due; `hasCalls` says whether any is running.
    mutating func due(at now: UInt64, hasCalls: Bool) -> [Action] {
        switch phase {
        case .ended: return []
        case .starting where phaseEnds <= now: return [.kill(.startFailed)]
        case .draining where phaseEnds <= now: return [.killLeaving]
        case .starting, .draining, .serving: break
        }
        var actions: [Action] = []
        if nextPing <= now {
            if missed >= settings.maxMissedPings { return [.kill(.unresponsive)] }
            lastToken &+= 1
            missed += 1
            nextPing = now.addingClamped(settings.pingInterval.nanoseconds)
            actions.append(.ping(lastToken))
        }
        if nextSample <= now {
            let interval = hasCalls || phase == .starting ? settings.sampleInterval : settings.pingInterval
            nextSample = now.addingClamped(interval.nanoseconds)
            actions.append(.sample)
        }
        return actions
    }

    var next: UInt64 { phase == .ended ? .max : min(phaseEnds, nextPing, nextSample) }
}
