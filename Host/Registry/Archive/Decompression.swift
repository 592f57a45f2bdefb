import CArchive
import Core
import Glibc

/// Turns a package file into its tar with libarchive's filters, one layer of gzip or Zstandard and nothing else.
///
/// The tar goes to a file and not straight into the parser: `TarScan` and libarchive both read it, and must agree.
struct Decompression {
    let package: OpenFile
    let packedBytes: Int
    let limits: ArchiveLimits

    private static let pieceBytes = 256 << 10

    /// Writes the tar to `output` and returns its length.
    func run(into output: OpenFile) throws -> Int {
        let magic = try package.read(at: 0, count: 4)
        // Names, comments and extra fields say nothing; a checksum of the header is one that libarchive does not check.
        if magic.starts(with: [0x1f, 0x8b, 0x08]), magic.count == 4, magic[3] & 0xe2 != 0 {
            throw RegistryError.archive("its gzip header has flags that are not accepted")
        }
        let isGzip = magic.starts(with: [0x1f, 0x8b, 0x08])
        let isZstandard = magic == [0x28, 0xb5, 0x2f, 0xfd]
        guard isGzip || isZstandard else { throw RegistryError.archive("it is neither gzip nor Zstandard") }
        // Checked before anything is decompressed: cheap, and the decoder never sees the second frame.
        if isZstandard, try ZstandardFrame.length(of: package) != packedBytes {
            throw RegistryError.archive("it is not exactly one Zstandard frame; data follows, or it is cut short")
        }
        guard lseek(package.descriptor, 0, SEEK_SET) == 0, let archive = archive_read_new() else {
            throw RegistryError.system("The package cannot be read", number: errno)
        }
        defer { archive_read_free(archive) }
        // WARN means that libarchive would start an external program for the filter.
        guard
            (isGzip ? archive_read_support_filter_gzip(archive) : archive_read_support_filter_zstd(archive))
                == ARCHIVE_OK,
            archive_read_support_format_raw(archive) == ARCHIVE_OK
        else {
            throw RegistryError(
                .internalError,
                "libarchive",
                "This libarchive has no \(isGzip ? "gzip" : "Zstandard")."
            )
        }
        guard archive_read_open_fd(archive, package.descriptor, Self.pieceBytes) == ARCHIVE_OK else {
            throw RegistryError.archive("its compression is damaged")
        }
        var entry: OpaquePointer?
        guard archive_read_next_header(archive, &entry) == ARCHIVE_OK else {
            throw RegistryError.archive("its compression is damaged, or nothing is in it")
        }
        // The wrapped file may not be compressed once more; and a header that libarchive cannot read is no compression.
        let filters = archive_filter_count(archive)
        guard filters >= 2 else { throw RegistryError.archive("its compression is damaged") }
        guard filters == 2 else { throw RegistryError.archive("it is compressed twice") }
        let (count, checksum) = try copy(from: archive, to: output)
        guard archive_filter_bytes(archive, -1) == packedBytes else {
            throw RegistryError.archive("data follows the end of the compressed stream")
        }
        if isGzip { try checkTrailer(count: count, checksum: checksum) }
        return count
    }

    private func copy(from archive: OpaquePointer, to output: OpenFile) throws -> (count: Int, checksum: UInt32) {
        var checksum = CRC32()
        var count = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let read = archive_read_data(archive, buffer.baseAddress, buffer.count)
            guard read >= 0 else { throw RegistryError.archive("its compression is damaged or cut short") }
            if read == 0 { return (count, checksum.value) }
            count += read
            guard count <= limits.maxTarBytes else {
                throw RegistryError.archive("it unpacks to more than the \(limits.maxUnpackedBytes) bytes expected")
            }
            guard count <= limits.ratioFreeBytes || count / max(packedBytes, 1) < limits.maxRatio else {
                throw RegistryError.archive("it unpacks to more than \(limits.maxRatio) times its size")
            }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<read])
            checksum.update(piece)
            try output.write(piece)
        }
    }

    /// The trailer speaks of the last gzip member alone.
    ///
    /// When it also fits all that came out, there was only one: libarchive joins several silently, and a second one is
    /// where a second package hides.
    private func checkTrailer(count: Int, checksum: UInt32) throws {
        let trailer = try package.read(at: max(0, packedBytes - 8), count: 8)
        guard trailer.count == 8 else { throw RegistryError.archive("it is cut short") }
        func word(_ start: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(trailer[start + $1]) << (8 * $1) } }
        guard word(0) == checksum, word(4) == UInt32(truncatingIfNeeded: count) else {
            throw RegistryError.archive("it is not exactly one gzip member, or its checksum is wrong")
        }
    }
}
