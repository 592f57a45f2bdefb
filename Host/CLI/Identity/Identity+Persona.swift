extension Identity {
    /// What the file says of this installation, as a system prompt for the routes that ask for it.
    var persona: String {
        var sentences = ["You are \(displayName)."]
        func add(_ key: String, _ sentence: (String) -> String) {
            if let value = self[key]?.split(whereSeparator: \.isNewline).joined(separator: " "), !value.isEmpty {
                sentences.append(sentence(value))
            }
        }
        add("business_name") { "You work for \($0)." }
        add("industry") { "Its industry: \($0)." }
        add("location") { "Its location: \($0)." }
        add("persona_style") { "Your style: \($0)." }
        add("sensitivity_level") { "The sensitivity of what you are told: \($0)." }
        return sentences.joined(separator: " ")
    }
}
