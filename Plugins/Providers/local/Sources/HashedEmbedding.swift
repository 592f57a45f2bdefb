/// Vectors from the letters of a text, not from its meaning: texts with many words in common are near each other.
///
/// Each run of three letters of each word, and each word, adds to one of 256 places, which a hash chooses, with a sign
/// that it chooses as well ("feature hashing", Weinberger et al. 2009); then the length is made 1. An empty text has no
/// direction, so its vector is the first axis.
enum HashedEmbedding {
    static let dimensions = 256

    static func vector(_ text: String) -> [Float] {
        var values = [Float](repeating: 0, count: dimensions)
        for word in Words.split(text).map(Words.bare) where !word.isEmpty {
            let bytes = [0x20] + Array(word.utf8) + [0x20]
            add(bytes[...], weight: 1, to: &values)
            for start in 0..<max(0, bytes.count - 2) { add(bytes[start..<start + 3], weight: 0.5, to: &values) }
        }
        let length = values.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { return [1] + values.dropFirst() }
        return values.map { $0 / length }
    }

    private static func add(_ bytes: ArraySlice<UInt8>, weight: Float, to values: inout [Float]) {
        // FNV-1a, 64 bits: the same in every process.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        values[Int(hash >> 32 & 255)] += hash >> 63 == 0 ? weight : -weight
    }
}
