/// How much an archive may hold; a lie in a header ends the reading, it is never believed.
package struct ArchiveLimits: Sendable, Hashable {
    package var maxPackedBytes = 128 << 20
    /// Of all files together.
    package var maxUnpackedBytes = 256 << 20
    package var maxMembers = 20_000
    /// Output per input byte, checked once more than `ratioFreeBytes` came out.
    package var maxRatio = 200
    package var ratioFreeBytes = 1 << 20

    package init() {}

    /// What the tar around the files may add: header, extension, its header, and padding of each member.
    var maxTarBytes: Int { maxUnpackedBytes + maxMembers * 2048 + (64 << 10) }
}
