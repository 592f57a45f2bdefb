import Foundation
import PraximousJSON

/// The answer of `POST /v1/embeddings`.
struct OpenAIEmbeddingList {
    /// All vectors, one after the other.
    let numbers: [Float]
    /// Of each vector; at least 1 unless there are no numbers.
    let dimensions: Int
    let model: String
    let inputTokens: Int
    /// Whether the host counted them.
    var isEstimated = false
    let isBase64: Bool

    /// Numbers are written with as many digits as read back to the same value.
    func encoded() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256 + numbers.count * (isBase64 ? 6 : 13))
        output += #"{"object":"list","data":["#.utf8
        let count = dimensions > 0 ? numbers.count / dimensions : 0
        for index in 0..<count {
            let vector = numbers[(index * dimensions)..<((index + 1) * dimensions)]
            output += (index > 0 ? "," : "").utf8
            output += #"{"object":"embedding","index":\#(index),"embedding":"#.utf8
            if isBase64 { Self.writeBase64(vector, to: &output) } else { Self.writeNumbers(vector, to: &output) }
            output.append(UInt8(ascii: "}"))
        }
        output += #"],"model":"#.utf8
        JSON.write(model, to: &output)
        output += #","usage":{"prompt_tokens":\#(inputTokens),"total_tokens":\#(inputTokens)"#.utf8
        output += (isEstimated ? #","estimated":true}}"# : "}}").utf8
        return output
    }

    private static func writeNumbers(_ vector: ArraySlice<Float>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        for (place, value) in vector.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            output += (value.isFinite ? value.description : "0").utf8
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Little-endian float32, as OpenAI's SDKs read it.
    private static func writeBase64(_ vector: ArraySlice<Float>, to output: inout [UInt8]) {
        var bytes = Data(capacity: vector.count * 4)
        for value in vector { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        output.append(UInt8(ascii: "\""))
        output += bytes.base64EncodedString().utf8
        output.append(UInt8(ascii: "\""))
    }
}
