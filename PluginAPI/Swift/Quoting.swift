extension StringProtocol {
    /// The text in quotes, with what a reader could not see or would mistake escaped: for error messages.
    ///
    /// Single quotes unless the text holds one and no double quote; escapes are `\\ \n \r \t \xhh \uhhhh \Uhhhhhhhh`,
    /// which is what Python writes and the clients of the original gateway may compare with.
    public var quoted: String {
        let scalars = unicodeScalars
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var output = String.UnicodeScalarView()
        output.append(quote)
        for scalar in scalars {
            switch scalar {
            case "\\", quote: output += ["\\", scalar]
            case "\n": output += ["\\", "n"]
            case "\r": output += ["\\", "r"]
            case "\t": output += ["\\", "t"]
            case _ where scalar.isPrintable: output.append(scalar)
            default: output += scalar.hexEscape.unicodeScalars
            }
        }
        output.append(quote)
        return String(output)
    }
}

extension Unicode.Scalar {
    /// Neither a control, a format character, a separator other than the space, nor unassigned.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }

    fileprivate var hexEscape: String {
        let (letter, width) =
            switch value {
            case ...0xFF: ("x", 2)
            case ...0xFFFF: ("u", 4)
            default: ("U", 8)
            }
        let digits = String(value, radix: 16)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
