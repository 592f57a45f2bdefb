import Foundation
import Storage
import TestSupport
import Testing

@Suite struct PrivateFileTests {
    @Test("a written file has mode 0600 and leaves no draft behind")
    func writes() throws {
        let folder = try TemporaryFolder()
        #expect(try PrivateFile.write([1, 2, 3], to: folder.path + "/a", replacing: false))
        #expect(try folder.mode(of: "a") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }

    @Test("an existing file stays unless it is to be replaced", arguments: [(false, [UInt8]([1])), (true, [2])])
    func replaces(replacing: Bool, expected: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        _ = try PrivateFile.write([1], to: path, replacing: false)
        #expect(try PrivateFile.write([2], to: path, replacing: replacing) == replacing)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(expected))
    }

    @Test("a folder that cannot be made is named with the reason")
    func refuses() throws {
        let folder = try TemporaryFolder()
        _ = try PrivateFile.write([1], to: folder.path + "/file", replacing: false)
        #expect(throws: StorageError.self) { try PrivateFile.createFolder(folder.path + "/file/below") }
    }
}
