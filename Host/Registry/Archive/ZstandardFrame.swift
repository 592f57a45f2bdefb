/// Where the first Zstandard frame of a file ends (RFC 8878, section 3.1.1).
///
/// A decoder goes on with the next frame and jumps over "skippable" ones: a second package could hide behind the
/// first. One frame must be the whole file.
enum ZstandardFrame {
    /// The frame's length in bytes; nil when the file does not hold a whole one.
    static func length(of file: OpenFile) throws -> Int? {
        let header = try file.read(at: 0, count: 18)
        guard header.count >= 6, header.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) else { return nil }
        let descriptor = header[4]
        let isSingleSegment = descriptor & 0x20 != 0
        let hasChecksum = descriptor & 0x04 != 0
        // A dictionary is not part of the package.
        guard descriptor & 0x03 == 0, descriptor & 0x08 == 0 else { return nil }
        let contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        var offset = 5 + (isSingleSegment ? 0 : 1) + contentSizeBytes
        while true {
            let block = try file.read(at: offset, count: 3)
            guard block.count == 3 else { return nil }
            let word = Int(block[0]) | Int(block[1]) << 8 | Int(block[2]) << 16
            offset += 3
            switch word >> 1 & 3 {
            case 0, 2: offset += word >> 3
            case 1: offset += 1
            default: return nil
            }
            if word & 1 == 1 { return offset + (hasChecksum ? 4 : 0) }
        }
    }
}
