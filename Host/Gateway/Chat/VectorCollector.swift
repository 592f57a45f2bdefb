import Foundation
import PluginRuntime
import PraximousJSON

/// Puts the vectors of one embedding call together.
///
/// The events come from a plugin, maybe a hostile one: `{"dims":n,"count":n,"data":base64 of little-endian float32}`.
struct VectorCollector {
    private(set) var values: [Float] = []
    private(set) var dimensions = 0
    private(set) var problem: String
    private var isBroken = false
    private let expected: Int

    private static let maxDimensions = 16_384

    init(expected: Int) {
        self.expected = expected
        problem = "expected \(expected) vectors, found 0"
    }

    var isComplete: Bool { !isBroken && dimensions > 0 && values.count == expected * dimensions }

    mutating func take(_ event: CallEvent) {
        guard event.kind == "vectors", !isBroken else { return }
        guard let value = try? JSON.parse(event.json), let dims = value["dims"]?.intValue,
            let count = value["count"]?.intValue, let text = value["data"]?.stringValue,
            let data = Data(base64Encoded: text)
        else { return breaks("an event that cannot be read") }
        guard 1...Self.maxDimensions ~= dims, dimensions == 0 || dims == dimensions else {
            return breaks("vectors of \(dims) numbers")
        }
        guard 0...expected ~= count, values.count + count * dims <= expected * dims, data.count == count * dims * 4
        else { return breaks("more or fewer numbers than announced") }
        dimensions = dims
        values.reserveCapacity(expected * dims)
        data.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count, by: 4) {
                let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                values.append(Float(bitPattern: bits))
            }
        }
        problem = "expected \(expected) vectors, found \(values.count / dims)"
        if !values.suffix(count * dims).allSatisfy(\.isFinite) { breaks("a number that is not finite") }
    }

    private mutating func breaks(_ problem: String) {
        self.problem = problem
        isBroken = true
    }
}
