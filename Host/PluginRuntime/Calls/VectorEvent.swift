import Foundation
import PraximousJSON

/// Embeddings on their way from a provider: an event `{"dims":n,"count":n,"data":"…"}`, the data little-endian float32 in
/// base64 (RFC 4648), one vector after the other.
package struct VectorEvent: Sendable {
    package static let kind = "vectors"

    package let dimensions: Int
    package let count: Int
    /// As it stands in the event.
    package let base64: String

    init(dimensions: Int, values: UnsafeBufferPointer<Float>) {
        self.dimensions = dimensions
        count = values.count / dimensions
        // Every processor this is built for is little-endian.
        base64 = Data(UnsafeRawBufferPointer(values)).base64EncodedString()
    }

    /// nil when it is not one: an event comes from a plugin.
    package init?(_ event: CallEvent) {
        guard event.kind == Self.kind, let object = (try? JSON.parse(event.json))?.objectValue,
            let dimensions = object["dims"]?.intValue, let count = object["count"]?.intValue,
            let base64 = object["data"]?.stringValue, 1...16_384 ~= dimensions, 0...(1 << 24) ~= count,
            base64.utf8.count == (dimensions * count * MemoryLayout<Float>.size + 2) / 3 * 4
        else { return nil }
        self.dimensions = dimensions
        self.count = count
        self.base64 = base64
    }

    /// The numbers, one vector after the other; nil when the data is not base64 of finite ones.
    package var values: [Float]? {
        guard let data = Data(base64Encoded: base64),
            data.count == dimensions * count * MemoryLayout<Float>.size
        else { return nil }
        let values = [Float](unsafeUninitializedCapacity: dimensions * count) { buffer, filled in
            _ = data.copyBytes(to: buffer)
            filled = dimensions * count
        }
        return values.allSatisfy(\.isFinite) ? values : nil
    }

    var event: CallEvent {
        let text = #"{"dims":\#(dimensions),"count":\#(count),"data":"\#(base64)"}"#
        return CallEvent(kind: Self.kind, json: Array(text.utf8))
    }
}
