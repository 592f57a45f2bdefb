import PluginRuntime
import Testing

@Suite("How much a plugin may log") struct AllowanceTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("is a second's worth at once, and then as much as time brings back")
    func bucket() {
        var allowance = LogAllowance(linesPerSecond: 10)
        for _ in 0..<10 { #expect(allowance.judge(at: 5 * Self.second) == .write(droppedBefore: 0)) }
        for _ in 0..<7 { #expect(allowance.judge(at: 5 * Self.second) == .drop) }
        // A tenth of a second for each line.
        #expect(allowance.judge(at: 5 * Self.second + Self.second / 20) == .drop)
        #expect(allowance.judge(at: 5 * Self.second + Self.second / 8) == .write(droppedBefore: 8))
        #expect(allowance.judge(at: 5 * Self.second + Self.second / 8) == .drop)
    }

    @Test("does not add up over a quiet time, nor when the clock stands or goes back")
    func limits() {
        var allowance = LogAllowance(linesPerSecond: 3)
        _ = allowance.judge(at: Self.second)
        var written = 0
        for _ in 0..<10 where allowance.judge(at: 1000 * Self.second) != .drop { written += 1 }
        #expect(written == 3)
        for moment: UInt64 in [0, 1, Self.second, 999 * Self.second] { #expect(allowance.judge(at: moment) == .drop) }
        #expect(allowance.judge(at: 1001 * Self.second) == .write(droppedBefore: 11))
    }

    @Test("may be nothing at all")
    func none() {
        var allowance = LogAllowance(linesPerSecond: 0)
        #expect(allowance.judge(at: 1) == .drop)
        #expect(allowance.judge(at: .max) == .drop)
    }
}
