extension String {
    private static let maxTerminalScalars = 200

    /// A stranger's text as it may stand in a terminal: one line, cut, control characters spelled out, nothing that
    /// turns text around.
    var forTerminal: String {
        var text = ""
        for scalar in unicodeScalars.prefix(Self.maxTerminalScalars) {
            switch scalar.properties.generalCategory {
            case .control: text += scalar == "\n" ? "\\n" : "\\x" + String(scalar.value, radix: 16)
            case .format, .lineSeparator, .paragraphSeparator: text += " "
            case _ where scalar.properties.isBidiControl: text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
