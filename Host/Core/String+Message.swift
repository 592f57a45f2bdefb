extension String {
    /// The text in quotes as it may stand in an error message: one line, ASCII, bounded.
    ///
    /// What people read in a terminal must not be able to move the cursor or to reverse the reading direction.
    package func quotedForMessage(limit: Int = 80) -> String {
        var output = "\""
        for (position, scalar) in unicodeScalars.enumerated() {
            guard position < limit else { return output + "…\"" }
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\u{20}"..."\u{7E}": output.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{FF}": output += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: output += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return output + "\""
    }
}
