import Core
import Gateway
import HTTPAPI
import Manifests
import Supervision
import Workers

extension HostConfiguration {
    /// Reads the section `workers:`.
    mutating func readWorkers(_ section: YAMLMapping) {
        func time(_ key: String, _ value: Duration, from low: Duration = .milliseconds(10)) -> Duration {
            section.duration(key, in: low...Duration.seconds(3600)) ?? value
        }
        workers.startTimeout = time("start_timeout", workers.startTimeout)
        workers.cancelGrace = time("cancel_grace", workers.cancelGrace)
        workers.pingInterval = time("ping_interval", workers.pingInterval)
        workers.drainTimeout = time("drain_timeout", workers.drainTimeout)
        workers.maxLingering = time("max_lingering", workers.maxLingering)
        workers.sampleInterval = time("sample_interval", workers.sampleInterval)
        workers.maxCalls = section.int("max_calls", in: 1...4096) ?? workers.maxCalls
        workers.maxLogLinesPerSecond =
            section.int("max_log_lines_per_second", in: 1...100_000) ?? workers.maxLogLinesPerSecond
        restarts.maxFaults = section.int("max_faults", in: 1...1000) ?? restarts.maxFaults
        restarts.windowSeconds = Int(
            time("fault_window", .seconds(restarts.windowSeconds), from: .seconds(1)).components.seconds
        )
        restarts.firstDelayMilliseconds = milliseconds(
            time("first_restart_delay", .milliseconds(restarts.firstDelayMilliseconds))
        )
        restarts.maxDelayMilliseconds = milliseconds(
            time("max_restart_delay", .milliseconds(restarts.maxDelayMilliseconds))
        )
        section.finish()
    }

    /// Reads the section `streams:`.
    mutating func readStreams(_ section: YAMLMapping) {
        let range = Duration.milliseconds(10)...Duration.seconds(3600)
        streams.firstEvent = section.duration("first_event", in: range) ?? streams.firstEvent
        streams.gap = section.duration("gap", in: range) ?? streams.gap
        streams.stall = section.duration("stall", in: range) ?? streams.stall
        section.finish()
    }

    /// Reads the section `websocket:`.
    mutating func readWebSockets(_ section: YAMLMapping) {
        func time(_ key: String, _ value: UInt64) -> UInt64 {
            let range = Duration.milliseconds(10)...Duration.seconds(86_400)
            return section.duration(key, in: range).map { UInt64(milliseconds($0)) } ?? value
        }
        var limits = http.sessions
        limits.maxMessageBytes =
            section.bytes("max_message_bytes", in: 1024...(64 << 20)) ?? limits.maxMessageBytes
        limits.maxStreams = section.int("max_streams", in: 1...4096) ?? limits.maxStreams
        limits.window = section.int("window", in: 1...100_000) ?? limits.window
        limits.helloMilliseconds = time("hello_timeout", limits.helloMilliseconds)
        limits.pingMilliseconds = time("ping_interval", limits.pingMilliseconds)
        limits.maxAgeMilliseconds = time("max_age", limits.maxAgeMilliseconds)
        limits.resumeMilliseconds = time("resume_ttl", limits.resumeMilliseconds)
        limits.stallMilliseconds = time("stall", limits.stallMilliseconds)
        http.sessions = limits
        section.finish()
    }

    private func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
