package import PraximousJSON

/// How many tokens a request took.
package struct TokenUsage: Sendable, Hashable {
    package var promptTokens: Int
    package var completionTokens: Int
    /// Part of the prompt's, read from the vendor's cache.
    package var cachedTokens: Int
    /// Counted by us, since the vendor did not say.
    package var isEstimated: Bool

    package init(prompt: Int, completion: Int, cached: Int = 0, isEstimated: Bool = false) {
        promptTokens = prompt
        completionTokens = completion
        cachedTokens = cached
        self.isEstimated = isEstimated
    }

    /// A guess: four bytes a token, which holds for English within a quarter.
    package static func estimated(promptBytes: Int, completionBytes: Int) -> TokenUsage {
        TokenUsage(prompt: tokens(promptBytes), completion: tokens(completionBytes), isEstimated: true)
    }

    private static func tokens(_ bytes: Int) -> Int { (bytes + 3) / 4 }

    /// The `usage` of a completion.
    package var json: JSON {
        var members: JSONObject = [
            "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(completionTokens),
            "total_tokens": .integer(promptTokens &+ completionTokens),
        ]
        if cachedTokens > 0 { members["prompt_tokens_details"] = ["cached_tokens": .integer(cachedTokens)] }
        if isEstimated { members["estimated"] = true }
        return .object(members)
    }

    /// No request takes more: the longest context there is has this many.
    private static let maxCredible = 10_000_000

    /// The vendor's counts of these names, 0 for one that is left out; nil when one of them is no count that a request can
    /// have, such as a text or less than 0: then none is believed.
    package static func counts(_ names: [String], of json: JSON) -> [Int]? {
        var counts: [Int] = []
        for name in names {
            guard let value = json[name], value != .null else {
                counts.append(0)
                continue
            }
            guard let count = value.intValue, 0...maxCredible ~= count else { return nil }
            counts.append(count)
        }
        return counts
    }
}
