import Core
import Glibc
import Storage
import TestSupport
import Testing

@testable import Access

/// Measures as dudect does (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", 2017).
///
/// Two classes of input in random order, the slowest tenth left out, Welch's t of the rest. Beyond 10 something shows for
/// certain.
@Suite("The time it takes to refuse a key", .serialized, .timeLimit(.minutes(2))) struct KeyTimingTests {
    private static let samples = SourceTree.isLongRun ? 100_000 : 20_000
    private static let variants = 512
    private static let leak = 10.0

    private let folder: TemporaryFolder
    private let ring: KeyRing
    private let made: NewKey

    init() throws {
        folder = try TemporaryFolder()
        ring = try KeyRing(root: InstallationRoot(folder.path))
        made = try ring.create(name: "ci", role: .developer)
    }

    @Test("does not tell how much of its secret is right")
    func secret() throws {
        let right = String(made.secret.exposed.dropFirst("prax_live_".count + APIKeyText.idLength + 1).prefix(43))
        let nearly = (0..<Self.variants).map { _ in key(right.dropLast(2) + Self.digits(otherThan: right.suffix(2))) }
        let wrong = (0..<Self.variants).map { _ in key(Self.digits(43)) }
        #expect(try leastDifference(nearly, wrong) < Self.leak)
    }

    @Test("is measured well enough to tell a text that is no key at all")
    func selfTest() throws {
        let wrong = (0..<Self.variants).map { _ in key(Self.digits(43)) }
        let nothing = (0..<Self.variants).map { _ in Secret(Self.digits(APIKeyText.length)) }
        #expect(try leastDifference(nothing, wrong) > Self.leak)
    }

    private func key(_ secret: some StringProtocol) -> Secret {
        APIKeyText.compose(environment: .live, id: made.record.id, secret: String(secret))
    }

    private static func digits(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in Base62.digit(Int.random(in: 0..<62)) }, as: UTF8.self)
    }

    private static func digits(otherThan text: Substring) -> String {
        while true {
            let digits = digits(text.count)
            if digits != text { return digits }
        }
    }

    /// The absolute value of t, of several measurements the least: what shows for certain shows in each.
    private func leastDifference(_ a: [Secret], _ b: [Secret]) throws -> Double {
        let authenticator = try ring.authenticator()
        var least = Double.infinity
        for _ in 0..<5 where least > Self.leak {
            var times: [[Double]] = [[], []]
            for _ in 0..<Self.samples {
                let number = Int.random(in: 0..<Self.variants)
                let isFirst = Bool.random()
                let secret = isFirst ? a[number] : b[number]
                let begun = Self.now()
                let result = authenticator.authenticate(secret)
                times[isFirst ? 0 : 1].append(Double(Self.now() - begun))
                guard case .failure = result else { throw Surprise() }
            }
            least = min(least, abs(Self.welch(times)))
        }
        return least
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Welch's t of two samples, without what is above the ninth decile of both.
    private static func welch(_ times: [[Double]]) -> Double {
        let all = (times[0] + times[1]).sorted()
        let limit = all[all.count * 9 / 10]
        let parts = times.map { sample -> (mean: Double, squaredError: Double) in
            let kept = sample.filter { $0 <= limit }
            let mean = kept.reduce(0, +) / Double(kept.count)
            let variance = kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(kept.count - 1)
            return (mean, variance / Double(kept.count))
        }
        return (parts[0].mean - parts[1].mean) / (parts[0].squaredError + parts[1].squaredError).squareRoot()
    }
}
