import Core
import Workers

/// Prints what a plugin costs that runs in a sandboxed worker process, each figure beside what the kernel alone takes
/// for the same, taken in turn.
@main
struct WorkerCost {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let host = arguments.first, let library = arguments.dropFirst().first else {
            print("usage: WorkerCost PRAX_HOST LIBRARY [calls | stream | start | end]...")
            return
        }
        let subject = Subject(host: host, library: library)
        let wanted = arguments.count > 2 ? Array(arguments.dropFirst(2)) : ["calls", "stream", "start", "end"]
        if wanted.contains("calls") { try await RoundTripCost.measure(subject) }
        if wanted.contains("stream") { try await StreamRate.measure(subject) }
        if wanted.contains("start") { try StartCost.measure(subject) }
        if wanted.contains("end") { try EndCost.measure(subject) }
    }
}

extension Double {
    /// With one decimal.
    var tenths: String {
        let value = Int((self * 10).rounded())
        return "\(value / 10).\(value % 10)"
    }

    /// With two decimals.
    var hundredths: String {
        let value = Int((self * 100).rounded())
        return "\(value / 100).\(String(100 + value % 100).dropFirst())"
    }
}

extension [Double] {
    var median: Double { sorted()[count / 2] }
}
