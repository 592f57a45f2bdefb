import Core
import Glibc
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
            guard let start = bytes.baseAddress else { return false }
            var place = 0
            while let quote = memchr(start + place, Int32(UInt8(ascii: "\"")), bytes.count - place) {
                place = start.distance(to: UnsafeRawPointer(quote))
                guard place + wordBytes < bytes.count else { return false }
                let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                place += 1
                guard eight & wordMask == word else { continue }
                let rest = bytes[(place + wordBytes - 1)...]
                let value = rest.first { ![UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D].contains($0) }
                if value != UInt8(ascii: "n") { return true }
            }
            return false
        }
    }

    /// `"usage"`, the first letter in the lowest byte.
    private static let word: UInt64 = 0x22_65_67_61_73_75_22
    private static let wordMask: UInt64 = 0x00FF_FFFF_FFFF_FFFF
    private static let wordBytes = 7
}
