import Egress
import Glibc
import Synchronization

/// What one exchange of the host's HTTP client costs: `EgressCost URL CONCURRENCY REQUESTS` prints the microseconds of
/// CPU of each, and how many there were in a second.
@main enum EgressCost {
    static func main() async throws {
        guard CommandLine.arguments.count == 4, let width = Int(CommandLine.arguments[2]),
            let count = Int(CommandLine.arguments[3])
        else {
            print("usage: EgressCost URL CONCURRENCY REQUESTS")
            exit(2)
        }
        let load = try Load(url: CommandLine.arguments[1])
        // The connections are open then.
        try await load.run(width: width, count: width * 50)
        let (cpu, start) = (cpuMicroseconds(), ContinuousClock.now)
        try await load.run(width: width, count: count)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let tenths = (cpuMicroseconds() - cpu) * 10 / count
        print("\(tenths / 10).\(tenths % 10) us of CPU each, \(Int(Double(count) / seconds)) a second")
    }

    private static func cpuMicroseconds() -> Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000
            + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }
}
