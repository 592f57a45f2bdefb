/// The beginning of a text whose length is counted to its end, in code points.
struct Preview {
    let maxLength: Int
    private(set) var length = 0
    private var start = String.UnicodeScalarView()
    private var owesSpace = false

    init(maxLength: Int) { self.maxLength = maxLength }

    /// With three dots when there is more.
    var text: String { String(start) + (length > maxLength ? "..." : "") }

    /// As it is.
    mutating func append(_ text: String) {
        for scalar in text.unicodeScalars { append(scalar) }
    }

    /// Apart from what came before by one space, as its own words are.
    mutating func appendWords(_ text: String) {
        owesSpace = length > 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                owesSpace = length > 0
            } else {
                if owesSpace { append(" ") }
                owesSpace = false
                append(scalar)
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if length < maxLength { start.append(scalar) }
        length += 1
    }
}
