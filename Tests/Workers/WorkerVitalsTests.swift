import PluginRuntime
import Testing

@testable import Workers

@Suite("The life of a worker") struct WorkerVitalsTests {
    private static let second: UInt64 = 1_000_000_000

    /// Ten seconds to start, a ping every two of which three may be missed, five to drain, one to linger.
    private static var vitals: WorkerVitals {
        var settings = WorkerSettings()
        settings.startTimeout = .seconds(10)
        settings.pingInterval = .seconds(2)
        settings.maxMissedPings = 3
        settings.drainTimeout = .seconds(5)
        settings.maxLingering = .seconds(1)
        settings.sampleInterval = .milliseconds(500)
        return WorkerVitals(settings: settings, at: 100 * second)
    }

    private func moment(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e9) }

    @Test("is over when it has not started in time")
    func start() {
        var vitals = Self.vitals
        #expect(vitals.next == moment(110))
        #expect(vitals.due(at: moment(109.9), hasCalls: false) == [])
        #expect(vitals.due(at: moment(110), hasCalls: false) == [.kill(.startFailed)])
    }

    @Test("is looked at from the moment its plugin is loaded, and is over all the same when that takes too long")
    func loading() {
        var vitals = Self.vitals
        vitals.loading(at: moment(101))
        #expect(vitals.next == moment(101.5))
        #expect(vitals.due(at: moment(101.5), hasCalls: false) == [.sample])
        #expect(vitals.next == moment(102))
        #expect(vitals.due(at: moment(109.9), hasCalls: false) == [.sample])
        #expect(vitals.due(at: moment(110), hasCalls: false) == [.kill(.startFailed)])
    }

    @Test("goes on once it is ready, and its usage is looked at from then on")
    func ready() {
        var vitals = Self.vitals
        vitals.ready(at: moment(103))
        #expect(vitals.phase == .serving)
        #expect(vitals.next == moment(103.5))
        #expect(vitals.due(at: moment(103.5), hasCalls: false) == [.sample])
        // Nothing runs: again only with the next ping.
        #expect(vitals.next == moment(105))
        #expect(vitals.due(at: moment(105), hasCalls: false) == [.ping(1)])
        #expect(vitals.due(at: moment(105.5), hasCalls: true) == [.sample])
        #expect(vitals.next == moment(106))
        #expect(vitals.due(at: moment(200), hasCalls: true) == [.ping(2), .sample])
    }

    @Test("is looked at soon after a call has begun")
    func callBegan() {
        var vitals = Self.vitals
        vitals.ready(at: moment(100))
        _ = vitals.due(at: moment(100.5), hasCalls: false)
        let isSooner = [vitals.callBegan(at: moment(101)), vitals.callBegan(at: moment(101.1))]
        #expect(isSooner == [true, false])
        #expect(vitals.next == moment(101.5))
    }

    @Test("ends with the ping after three that nobody answered")
    func missed() {
        var vitals = Self.vitals
        vitals.ready(at: moment(100))
        var actions: [[WorkerVitals.Action]] = []
        for time in [102.0, 104, 106, 108] {
            actions.append(vitals.due(at: moment(time), hasCalls: false).filter { $0 != .sample })
        }
        #expect(actions == [[.ping(1)], [.ping(2)], [.ping(3)], [.kill(.unresponsive)]])
    }

    @Test("goes on as long as the last ping is answered, not an older one and not one that never was")
    func pongs() {
        var vitals = Self.vitals
        vitals.ready(at: moment(100))
        _ = vitals.due(at: moment(102), hasCalls: false)
        _ = vitals.due(at: moment(104), hasCalls: false)
        #expect(vitals.pong(1, lingeringMilliseconds: 0) == nil)
        #expect(vitals.pong(77, lingeringMilliseconds: 0) == nil)
        _ = vitals.due(at: moment(106), hasCalls: false)
        #expect(vitals.due(at: moment(108), hasCalls: false) == [.kill(.unresponsive)])

        vitals = Self.vitals
        vitals.ready(at: moment(100))
        for time in stride(from: 102.0, through: 140, by: 2) {
            let pings = vitals.due(at: moment(time), hasCalls: false).filter { $0 != .sample }
            guard pings.count == 1, case .ping(let token)? = pings.first else {
                Issue.record("\(pings) at \(time)")
                return
            }
            #expect(vitals.pong(token, lingeringMilliseconds: 0) == nil)
        }
    }

    @Test("ends when a call that is over keeps its thread for too long")
    func lingering() {
        var vitals = Self.vitals
        vitals.ready(at: moment(100))
        _ = vitals.due(at: moment(102), hasCalls: false)
        #expect(vitals.pong(1, lingeringMilliseconds: 1000) == nil)
        #expect(vitals.pong(1, lingeringMilliseconds: 1001) == .timeout)
        // What an old answer says of it is not believed either.
        #expect(vitals.pong(0, lingeringMilliseconds: .max) == nil)
    }

    @Test("is forced to its end when draining takes too long, and is pinged until then")
    func drain() {
        var vitals = Self.vitals
        vitals.ready(at: moment(100))
        vitals.drain(at: moment(101))
        #expect(vitals.phase == .draining)
        #expect(vitals.due(at: moment(102), hasCalls: true) == [.ping(1), .sample])
        vitals.drain(at: moment(105))
        #expect(vitals.due(at: moment(105.9), hasCalls: true) == [.ping(2), .sample])
        #expect(vitals.due(at: moment(106), hasCalls: true) == [.killLeaving])
    }

    @Test("may be drained before it is ready, and is not brought back by a late ready")
    func drainedEarly() {
        var vitals = Self.vitals
        vitals.drain(at: moment(101))
        vitals.ready(at: moment(102))
        #expect(vitals.phase == .draining)
        #expect(vitals.next == moment(106))
    }

    @Test("once over has nothing due any more")
    func ended() {
        var vitals = Self.vitals
        vitals.end()
        vitals.ready(at: moment(101))
        vitals.drain(at: moment(102))
        #expect(vitals.phase == .ended)
        #expect(vitals.due(at: .max, hasCalls: true) == [])
        #expect(vitals.next == .max)
    }

    @Test("reckons with any duration there is")
    func durations() {
        #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
        #expect(Duration.seconds(-1).nanoseconds == 0)
        #expect(Duration.milliseconds(-1).nanoseconds == 0)
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.zero.nanoseconds == 0)
    }
}
