extension String {
    /// Full Unicode lower case with the one rule that depends on its neighbours: a capital sigma that ends a word
    /// becomes ς.
    ///
    /// The standard library maps each scalar by itself and writes σ everywhere.
    func lowercasedInContext() -> String {
        guard unicodeScalars.contains(capitalSigma) else { return lowercased() }
        let scalars = Array(unicodeScalars)
        var output = ""
        for (position, scalar) in scalars.enumerated() {
            if scalar == capitalSigma && isFinalSigma(scalars, position) {
                output += "ς"
            } else {
                output += scalar.properties.lowercaseMapping
            }
        }
        return output
    }
}

private let capitalSigma: Unicode.Scalar = "Σ"

/// The Final_Sigma condition of Unicode's SpecialCasing: a cased letter before, none after, case-ignorable marks
/// between them not counted.
private func isFinalSigma(_ scalars: [Unicode.Scalar], _ position: Int) -> Bool {
    let before = scalars[..<position].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(position + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
}
