import Glibc

/// A whole package, or its tar alone: unpacked in memory, as an install unpacks it on disk.
///
/// When the first byte is odd the rest is a tar, whose checksums are put right: a random change would not come past them.
func readArchive(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let content = Array(bytes.dropFirst())
    do {
        let tar = try memory("tar")
        var limits = ArchiveLimits()
        limits.maxUnpackedBytes = 1 << 20
        limits.maxMembers = 64
        let size: Int
        if kind & 1 == 1 {
            try tar.write(withChecksums(content))
            size = content.count
        } else {
            let package = try memory("package")
            try package.write(content)
            size = try Decompression(package: package, packedBytes: content.count, limits: limits).run(into: tar)
        }
        let members = try TarScan(file: tar, size: size, limits: limits).members()
        try extract(tar, members)
    } catch let error as RegistryError {
        precondition(error.exitCode == .verificationFailed, "\(error)")
    } catch { preconditionFailure("\(error)") }
}

/// What was accepted is on disk under its name and nowhere else.
private func extract(_ tar: OpenFile, _ members: [TarMember]) throws {
    try scratch.removeTree("x")
    let root = try scratch.makeFolder("x")
    let files = try ArchiveExtraction(tar: tar, members: members, root: root).run()
    let expected = members.filter { !$0.isFolder }
    precondition(files.map(\.path) == expected.map(\.path), "other files than the scan saw")
    precondition(files.map(\.size) == expected.map(\.size), "other sizes than the scan saw")
    let names = try scratch.names()
    precondition(names == ["x"], "something lies outside: \(names)")
    for member in members {
        let reason = PackagePath.refusal(of: Array(member.path.utf8), isFolder: member.isFolder)
        precondition(reason == nil, "\(member.path): \(reason ?? "")")
    }
}

/// A folder in memory.
private let scratch: Folder = {
    do { return try Folder.make("/dev/shm/prax-fuzz-\(getpid())") } catch { fatalError("\(error)") }
}()

/// A file that only its descriptor keeps.
private func memory(_ name: String) throws -> OpenFile {
    let file = try scratch.createFile(name, mode: 0o600)
    try scratch.removeIfPresent(name)
    return file
}

private func withChecksums(_ tar: [UInt8]) -> [UInt8] {
    var tar = tar
    for start in stride(from: 0, to: tar.count - 511, by: 512)
    where tar[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) {
        tar.replaceSubrange((start + 148)..<(start + 156), with: repeatElement(0x20, count: 8))
        let sum = String(tar[start..<(start + 512)].reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = String(repeating: "0", count: max(0, 6 - sum.utf8.count)) + sum
        tar.replaceSubrange((start + 148)..<(start + 156), with: Array(digits.utf8) + [0, 0x20])
    }
    return tar
}
