extension String {
    /// The text with its control characters spelled out, so that a plugin cannot write log lines of its
    /// own, nor move the cursor of a terminal.
    package var onOneLine: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        return unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case _ where scalar.properties.generalCategory == .control: "\\x" + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
    }
}
