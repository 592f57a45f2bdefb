package import PraximousJSON
package import PraximousPlugin

/// The embeddings of an answer, in the order of the texts.
package struct EmbeddingAnswer: Sendable {
    /// One embedding after the other.
    package let values: [Float]
    package let dimensions: Int
    private let usage: JSON?

    /// An answer of OpenAI's form: `data`, each with `index` and `embedding`, a list of numbers or base64.
    package init(_ body: [UInt8], count: Int, _ head: UpstreamHead) throws(SkillFailure) {
        let limits = JSONLimits(maxValues: 8_000_000)
        guard let json = try? JSON.parse(body, limits: limits), let data = json["data"]?.arrayValue else {
            throw .badAnswer("sent no embeddings", head)
        }
        var rows = [[Float]](repeating: [], count: count)
        for (position, item) in data.enumerated() {
            let index = item["index"]?.intValue ?? position
            guard rows.indices.contains(index), let row = Self.row(item["embedding"]) else {
                throw .badAnswer("sent an embedding that cannot be read", head)
            }
            rows[index] = row
        }
        try self.init(rows: rows, usage: json["usage"], head)
    }

    /// One row for each text; `usage` in OpenAI's form, nil when the vendor counts nothing.
    package init(rows: [[Float]], usage: JSON?, _ head: UpstreamHead) throws(SkillFailure) {
        dimensions = rows.first?.count ?? 0
        let width = dimensions
        guard width > 0, rows.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else {
            throw .badAnswer("sent embeddings that are missing, of several lengths or not finite", head)
        }
        values = rows.flatMap { $0 }
        self.usage = usage?.objectValue == nil ? nil : usage
    }

    /// What the call finishes with.
    package func result(model: String, inputBytes: Int) -> JSON {
        guard let usage else {
            let guess = TokenUsage.estimated(promptBytes: inputBytes, completionBytes: 0).promptTokens
            return [
                "model": .string(model),
                "usage": ["prompt_tokens": .integer(guess), "total_tokens": .integer(guess), "estimated": true],
            ]
        }
        return ["model": .string(model), "usage": usage]
    }

    /// A list of numbers, or base64 of little-endian floats.
    package static func row(_ json: JSON?) -> [Float]? {
        switch json {
        case .some(.string(let text)): return Base64.floats(text)
        case .some(.array(let numbers)):
            var row: [Float] = []
            row.reserveCapacity(numbers.count)
            for number in numbers {
                guard let value = number.doubleValue else { return nil }
                row.append(Float(value))
            }
            return row
        default: return nil
        }
    }
}

extension Reply {
    /// How long the caller wants its embeddings: `embed` is not told, the call's context is.
    package var askedDimensions: JSON? { context["request"]?["dimensions"] }
}
