/// The four numbers of the answer, and the mood they amount to.
struct Scores: Equatable {
    var negative = 0.0
    var neutral = 0.0
    var positive = 0.0
    var compound = 0.0

    /// - Parameters:
    ///   - valences: One per word.
    ///   - emphasis: What exclamation and question marks add.
    init(valences: [Double], emphasis: Double) {
        guard !valences.isEmpty else { return }
        var sum = 0.0
        for valence in valences { sum += valence }
        if sum > 0 { sum += emphasis } else if sum < 0 { sum -= emphasis }
        compound = Self.rounded(Self.normalized(sum), scale: 10_000)

        // A word's unit of weight is added, so that neutral words and others are counted alike.
        var positives = 0.0
        var negatives = 0.0
        var neutrals = 0.0
        for valence in valences {
            if valence > 0 { positives += valence + 1 }
            if valence < 0 { negatives += valence - 1 }
            if valence == 0 { neutrals += 1 }
        }
        let surplus = positives - abs(negatives)
        if surplus > 0 { positives += emphasis } else if surplus < 0 { negatives -= emphasis }
        let total = positives + abs(negatives) + neutrals
        negative = Self.rounded(abs(negatives / total), scale: 1_000)
        neutral = Self.rounded(abs(neutrals / total), scale: 1_000)
        positive = Self.rounded(abs(positives / total), scale: 1_000)
    }

    var mood: String {
        if compound >= 0.05 { return "positive" }
        return compound <= -0.05 ? "negative" : "neutral"
    }

    private static func normalized(_ sum: Double) -> Double {
        min(1, max(-1, sum / (sum * sum + 15).squareRoot()))
    }

    /// The nearest multiple of 1/scale to the exact binary value, ties to the even one.
    ///
    /// Multiplying first would round twice. A fused multiply-add rounds once, so its sign says on which side of the
    /// half-way point the value lies.
    static func rounded(_ value: Double, scale: Double) -> Double {
        let magnitude = value.magnitude
        var lower = (magnitude * scale).rounded(.down)
        if (-lower).addingProduct(magnitude, scale) < 0 { lower -= 1 }
        let side = (-(2 * lower + 1)).addingProduct(magnitude, 2 * scale)
        let isUp = side > 0 || (side == 0 && lower.truncatingRemainder(dividingBy: 2) != 0)
        let nearest = (isUp ? lower + 1 : lower) / scale
        return value.sign == .minus ? -nearest : nearest
    }
}
