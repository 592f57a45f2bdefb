/// One file as it was written to disk.
package struct UnpackedFile: Sendable, Hashable {
    package let path: String
    package let size: Int
    package let digest: SHA256Digest
    package let mode: UInt32
}
