/// How often values fell below each of some bounds.
struct Histogram: Sendable {
    /// Upper bounds, inclusive: the same for all plugins, made for seconds, 5 ms to 5 minutes.
    static let pluginBounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

    private let bounds: [Double]
    /// For each bound the values that exceed the one before; the last is for those above all bounds.
    private var counts: [UInt64]
    private(set) var sum = 0.0

    init(_ bounds: [Double] = pluginBounds) {
        self.bounds = bounds
        counts = [UInt64](repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    var count: UInt64 { counts.reduce(0, +) }

    /// For each bound all values up to it, as the page shows them.
    var cumulative: [(bound: Double, count: UInt64)] {
        var total: UInt64 = 0
        return zip(bounds, counts).map { bound, count in
            total += count
            return (bound, total)
        }
    }
}
