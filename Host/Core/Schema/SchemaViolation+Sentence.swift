import PraximousJSON

extension SchemaViolation {
    /// Where and what, such as `data.pages: Input should be a valid integer`.
    package var sentence: String {
        let place = path.map { $0.json.stringValue ?? $0.json.text }.joined(separator: ".")
        return place.isEmpty ? message : "\(place): \(message)"
    }
}
