import Foundation

/// What Swift plugins do, by the same runtime and the same Foundation.
enum SwiftAttempts {
    /// nil for a name that the C library is to be asked for.
    static func run(_ name: String, _ arguments: [String]) -> String? {
        switch name {
        case "concurrency": concurrency()
        case "time_zone": timeZone()
        case "write_atomically": writeAtomically(arguments[0])
        case "network_namespace":
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")) ?? "?"
        default: nil
        }
    }

    private static func concurrency() -> String {
        let done = DispatchSemaphore(value: 0)
        let total = Total()
        Task.detached {
            let sum = await withTaskGroup(of: Int.self) { group in
                for number in 1...1000 { group.addTask { number } }
                return await group.reduce(0, +)
            }
            await total.set(sum)
            say("sum \(await total.value)")
            done.signal()
        }
        return done.wait(timeout: .now() + 20) == .success ? "done" : "late"
    }

    private actor Total {
        var value = 0
        func set(_ value: Int) { self.value = value }
    }

    private static func timeZone() -> String {
        guard let zone = TimeZone(identifier: "America/New_York") else { return "nil" }
        let winter = Date(timeIntervalSince1970: 1_700_000_000)
        return "\(zone.secondsFromGMT(for: winter)) \(TimeZone.current.secondsFromGMT(for: winter))"
    }

    private static func writeAtomically(_ path: String) -> String {
        do {
            try Data("first".utf8).write(to: URL(filePath: path), options: .atomic)
            try Data("second".utf8).write(to: URL(filePath: path), options: .atomic)
            return try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            return "\(error)"
        }
    }
}
