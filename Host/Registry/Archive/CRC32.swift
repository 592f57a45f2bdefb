import CZlib

/// The checksum in the trailer of a gzip file (RFC 1952).
struct CRC32 {
    private var state: uLong = 0

    var value: UInt32 { UInt32(truncatingIfNeeded: state) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: Bytef.self) { state = crc32_z(state, $0.baseAddress, $0.count) }
    }
}
