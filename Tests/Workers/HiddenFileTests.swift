import Glibc
import TestSupport
import Testing

@testable import Workers

// One after another: what is counted is all of this process.
@Suite("What a process keeps in files without a name", .serialized) struct HiddenFileTests {
    private let folder: ScratchFolder
    private static let megabyte = 1 << 20

    init() throws { folder = try ScratchFolder() }

    private var now: HiddenFiles { HiddenFiles(of: getpid(), in: folder.path) }

    /// Makes a file of one MiB and opens it; with a nil name it never has one.
    private func make(_ name: String?) -> Int32 {
        // The octal number is O_TMPFILE, which the overlay cannot name.
        let flags = name == nil ? O_RDWR | 0o20_000_000 | O_DIRECTORY : O_RDWR | O_CREAT
        let file = Glibc.open(folder.path + (name.map { "/" + $0 } ?? ""), flags | O_CLOEXEC, 0o600)
        let bytes = [UInt8](repeating: 7, count: Self.megabyte)
        #expect(write(file, bytes, bytes.count) == bytes.count)
        return file
    }

    @Test("is counted while such a file is open, once", arguments: [true, false])
    func opened(hadName: Bool) {
        let file = make(hadName ? "file" : nil)
        let named = now.usedBytes
        if hadName { unlink(folder.path + "/file") }
        let second = dup(file)
        let counted = now.usedBytes
        // Other tests have files of their own on the same disk.
        #expect(counted >= Self.megabyte)
        if hadName { #expect(counted - named >= Self.megabyte && counted - named < 2 * Self.megabyte) }
        close(file)
        close(second)
        #expect(now.usedBytes < counted)
    }

    @Test("is counted while it is mapped, as far as it is, and is too much where there is a lot of it")
    func mapped() {
        var mappings: [UnsafeMutableRawPointer?] = []
        func map(_ number: Int) {
            let file = make("file\(number)")
            mappings.append(mmap(nil, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0))
            close(file)
            unlink(folder.path + "/file\(number)")
        }
        let before = now.usedBytes
        for number in 0..<8 { map(number) }
        #expect(now.usedBytes - before >= 8 * 8192)
        #expect(now.isComplete)
        map(8)
        #expect(!now.isComplete)
        for mapping in mappings { munmap(mapping, 8192) }
        #expect(now.isComplete)
    }

    @Test("is nothing where the process or the folder is not there")
    func nothing() {
        #expect(HiddenFiles(of: -5, in: folder.path).usedBytes == 0)
        #expect(HiddenFiles(of: getpid(), in: folder.path + "/none").usedBytes == 0)
    }
}
