import Foundation
import Glibc
import PluginRuntime
import TestSupport
import Testing

@Suite("A library on its way to a worker") struct LibraryCopyTests {
    @Test("is a copy that nobody can change any more, whatever becomes of the file")
    func sealed() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/skill.so"
        try FileManager.default.copyItem(atPath: ServedPlugin.library("plain"), toPath: path)
        let original = try Data(contentsOf: URL(filePath: path))
        let copy = try LibraryFile(path: path).checkedCopy()
        defer { close(copy) }
        try Data("overwritten".utf8).write(to: URL(filePath: path))
        var bytes = [UInt8](repeating: 0, count: original.count + 10)
        #expect(pread(copy, &bytes, bytes.count, 0) == original.count)
        #expect(Data(bytes[..<original.count]) == original)
        // Neither written nor shrunk nor mapped for writing.
        #expect(pwrite(copy, "x", 1, 0) == -1)
        #expect(ftruncate(copy, 0) == -1)
        let mapped = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0)
        #expect(mapped == MAP_FAILED)
        #expect(fcntl(copy, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test("is refused for the same reasons as in the host's own process")
    func refused() throws {
        let folder = try ScratchFolder()
        let path = try folder.write("not a library", to: "skill.so")
        #expect(throws: Refusal.self) { _ = try LibraryFile(path: path) }
        let library = folder.path + "/noentry.so"
        let source = try folder.write("int other(void) { return 1; }\n", to: "noentry.c")
        let program = try ChildProgram(
            ["clang", "-shared", "-fPIC", "-o", library, source],
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        )
        #expect(program.waitForExit(seconds: 60) == 0)
        let reason = #expect(throws: Refusal.self) { try LibraryFile(path: library).checkedCopy() }
        #expect(reason?.reason == .noEntry)
    }
}
