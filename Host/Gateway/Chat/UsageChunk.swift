import Core
import PraximousJSON

/// A chunk of a stream that tells the usage; nil for all others, which are not parsed.
package struct UsageChunk: Sendable {
    private let members: JSONObject

    package init?(_ chunk: [UInt8]) {
        guard Self.mayTellUsage(chunk), let members = (try? JSON.parse(chunk))?.objectValue,
            let usage = members["usage"], usage != .null
        else { return nil }
        self.members = members
    }

    /// Whether it tells nothing else.
    package var isUsageAlone: Bool { members["choices"]?.arrayValue?.isEmpty ?? true }

    /// The chunk of a provider without a usage that no request can have; nil when nothing is left of it.
    static func credible(_ chunk: [UInt8]) -> [UInt8]? {
        guard let told = UsageChunk(chunk), TokenUsage(openAI: told.members["usage"] ?? .null) == nil else {
            return chunk
        }
        guard !told.isUsageAlone else { return nil }
        var members = told.members
        members["usage"] = nil
        return JSON.object(members).encoded()
    }

    /// Whether `"usage"` stands somewhere before something else than null, which providers repeat in every chunk.
    ///
    /// Every chunk is looked through, from one quote to the next.
    private static func mayTellUsage(_ chunk: [UInt8]) -> Bool {
        chunk.withUnsafeBytes { bytes in
            var place = 0
            while let quote = bytes[place...].firstIndex(of: UInt8(ascii: "\"")), quote + wordBytes < bytes.count {
                let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: quote, as: UInt64.self))
                place = quote + 1
                guard eight & wordMask == word else { continue }
                let value = bytes[(quote + wordBytes)...].first { $0 != UInt8(ascii: ":") && !isSpace($0) }
                if value != UInt8(ascii: "n") { return true }
            }
            return false
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// `"usage"`, the first letter in the lowest byte.
    private static let word: UInt64 = 0x22_65_67_61_73_75_22
    private static let wordMask: UInt64 = 0x00FF_FFFF_FFFF_FFFF
    private static let wordBytes = 7
}
