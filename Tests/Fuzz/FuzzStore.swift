import Glibc

/// libFuzzer's entry for everything that the store reads of strangers; `PRAX_FUZZ` says which reader gets the bytes.
///
/// Whatever they are, there is a value or an error, and a value says the same once it was written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStore(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch StoreReader.chosen {
    case .root: readRoot(bytes)
    case .timestamp: readTimestamp(bytes)
    case .index: readIndex(bytes)
    case .manifest: _ = try? ManifestReader.read(bytes: bytes, source: "skill.yaml")
    case .list: readList(bytes)
    case .receipt: readReceipt(bytes)
    case .signature: readSignature(bytes)
    case .elf: readLibrary(bytes)
    case .archive: readArchive(bytes)
    }
    return 0
}

private enum StoreReader: String {
    case root, timestamp, index, manifest, list, receipt, signature, elf, archive

    static let chosen: StoreReader = {
        let name = getenv("PRAX_FUZZ").map { String(cString: $0) } ?? ""
        guard let reader = StoreReader(rawValue: name) else { fatalError("PRAX_FUZZ names no reader: \(name)") }
        return reader
    }()
}

private func readRoot(_ bytes: [UInt8]) {
    guard let root = try? TrustRoot(bytes) else { return }
    let again = try? TrustRoot(root.encoded())
    precondition(again == root, "a root reads back as something else")
}

private func readTimestamp(_ bytes: [UInt8]) {
    guard let timestamp = try? TimestampFile(bytes) else { return }
    let again = try? TimestampFile(timestamp.encoded())
    precondition(again == timestamp, "a timestamp reads back as something else")
}

private func readIndex(_ bytes: [UInt8]) {
    var reader = IndexReader()
    guard let index = try? reader.read(bytes) else { return }
    let resolver = Resolver(index: index, platform: .current)
    for package in index.packages {
        _ = index.keys(of: package.name.owner, at: Timestamp(seconds: 1_795_392_000))
        guard let reference = try? PackageReference("\(package.name)") else {
            preconditionFailure("\(package.name) is no reference")
        }
        _ = try? resolver.resolve(reference)
    }
}

private func readList(_ bytes: [UInt8]) {
    guard let list = try? PackageManifest(bytes) else { return }
    let missing = list.differences(from: []).count
    precondition(missing == list.files.count, "a listed file that is not there was not missed")
}

private func readReceipt(_ bytes: [UInt8]) {
    guard let receipt = try? Receipt(bytes, name: "x") else { return }
    let again = try? Receipt(receipt.encoded(), name: "x")
    precondition(again == receipt, "a receipt reads back as something else")
}

private func readSignature(_ bytes: [UInt8]) {
    guard let file = try? SignatureFile(bytes, of: "x") else { return }
    let again = try? SignatureFile(file.encoded(), of: "x")
    precondition(again == file, "a signature reads back as something else")
    guard let key = OfficialStore.key else { return }
    _ = try? file.signer(of: [1, 2, 3], as: file.role, among: [key], subject: "x")
}

private func readLibrary(_ bytes: [UInt8]) {
    guard let image = try? ELFImage.parse(bytes) else { return }
    precondition(image.exportedSymbols == image.exportedSymbols.sorted())
}
