import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The files of a sandboxed worker", .enabled(if: Machine.hasSandbox, "needs Landlock, seccomp and a listener"))
struct FileTests {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write("kept", to: "read/file")
        try folder.write("own", to: "write/file")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/read/link",
            withDestinationPath: "/etc/passwd"
        )
    }

    private func run(_ attempt: String, _ arguments: String...) async throws -> Worker {
        try await run(attempt, arguments)
    }

    private func run(_ attempt: String, _ arguments: [String]) async throws -> Worker {
        let grants = ["read=\(folder.path)/read", "write=\(folder.path)/write"]
        return try await Worker.run(
            "sandbox",
            attempt,
            arguments.map { $0.replacing("DIR", with: folder.path) } + grants
        )
    }

    @Test(
        "are closed when nobody granted them, and the host hears which",
        arguments: [
            ("open", "/etc/passwd", "open openat 13 +0 [/etc/passwd]"),
            ("open_how", "/etc/passwd", "open openat2 13 +0 [/etc/passwd]"),
            ("open_relative", "/etc/passwd", "open openat 13 +0 [//etc/passwd]"),
            ("edge_path", "/etc/passwd", "open openat 13 +0 [/etc/passwd]"),
            ("open", "/usr/lib/../../etc/passwd", "open openat 13 +0 [/usr/lib/../../etc/passwd]"),
            ("list", "/", "open openat 13 +0 [/]"),
            ("write", "DIR/beside", "write openat 13 +0 [DIR/beside]"),
            ("mkdir", "DIR/beside", "write mkdir 13 +0 [DIR/beside]"),
            ("unlink", "DIR/read/file", "write unlink 13 +0 [DIR/read/file]"),
            ("write", "DIR/read/file", "write openat 13 +0 [DIR/read/file]"),
            ("empty", "DIR/read/file", "write openat 13 +0 [DIR/read/file]"),
            ("truncate", "DIR/read/file", "write truncate 13 +0 [DIR/read/file]"),
        ]
    )
    func closed(_ attempt: String, _ path: String, _ denial: String) async throws {
        let worker = try await run(attempt, path)
        #expect(worker.result == "EACCES")
        #expect(worker.denials == [denial.replacing("DIR", with: folder.path)])
        #expect(try String(contentsOfFile: folder.path + "/read/file", encoding: .utf8) == "kept")
    }

    @Test("are closed behind a link, too")
    func link() async throws {
        #expect(try await run("open", "DIR/read/link").result == "EACCES")
    }

    @Test(
        "keep their mode, owner and times, and are no links or devices",
        arguments: [
            ("chmod", "attributes chmod 1 +0 [DIR/write/file]"),
            ("chmod_at", "attributes fchmodat2 1 +0 [DIR/write/file]"),
            ("fchmod", "attributes fchmod 1 +0 []"),
            ("times", "attributes utimensat 1 +0 [DIR/write/file]"),
            ("symlink", "write symlink 1 +0 [DIR/write/file]"),
            ("fifo", "write mknodat 1 +0 [DIR/write/file]"),
        ]
    )
    func attributes(_ attempt: String, _ denial: String) async throws {
        let worker = try await run(attempt, "DIR/write/file")
        #expect(worker.result == "EPERM")
        #expect(worker.denials == [denial.replacing("DIR", with: folder.path)])
    }

    @Test(
        "are open where they were granted",
        arguments: [
            ("open", ["DIR/read/file"]), ("list", ["DIR/read"]), ("open", ["DIR/write/file"]),
            ("write", ["DIR/write/new"]), ("mkdir", ["DIR/write/new"]), ("unlink", ["DIR/write/file"]),
            ("truncate", ["DIR/write/file"]), ("rename", ["DIR/write/file", "DIR/write/other"]),
            ("open", ["/usr/lib/os-release"]), ("open", ["/etc/localtime"]), ("open", ["/dev/urandom"]),
            ("write", ["/dev/null"]),
        ]
    )
    func granted(_ attempt: String, _ paths: [String]) async throws {
        let worker = try await run(attempt, paths)
        #expect(worker.result == "done")
        #expect(worker.denials == [])
    }

    @Test("cannot be moved or linked out of the folder, or into it")
    func moves() async throws {
        let out = try await run("rename", "DIR/write/file", "DIR/read/new")
        #expect(out.result != "done")
        #expect(out.denials == ["write rename 13 +0 [\(folder.path)/read/new]"])
        let into = try await run("link", "DIR/read/file", "DIR/write/new")
        #expect(into.result != "done")
        #expect(into.denials == ["write link 13 +0 [\(folder.path)/read/file]"])
    }

    @Test("that are not there are missing, which is no denial")
    func missing() async throws {
        let worker = try await run("open", "/nonexistent/file")
        #expect(worker.result == "ENOENT")
        #expect(worker.denials == [])
    }

    @Test("may have names that are no names", arguments: [("wild_path", "EFAULT"), ("endless_path", "ENAMETOOLONG")])
    func garbage(_ attempt: String, _ result: String) async throws {
        let worker = try await run(attempt)
        #expect(worker.result == result)
        #expect(worker.ending == "exit 0")
    }

    @Test("of other processes are closed", arguments: ["environ", "stat", "cmdline", "maps", "fd"])
    func processes(_ name: String) async throws {
        let path = "/proc/\(getpid())/\(name)"
        let worker = try await run("open", path)
        #expect(worker.result == "EACCES")
        #expect(worker.denials == ["open openat 13 +0 [\(path)]"])
    }

    @Test(
        "in /proc that its libraries need are its own",
        arguments: [
            "/proc/self/stat", "/proc/thread-self/stat", "/proc/self/maps", "/proc/self/status", "/proc/meminfo",
        ]
    )
    func own(_ path: String) async throws {
        let worker = try await run("open", path)
        #expect(worker.result == "done")
        #expect(worker.denials == [])
    }

    @Test(
        "cannot be emptied on kernels whose Landlock does not know how",
        arguments: [1, 2],
        ["listener=1", "listener=0"]
    )
    func olderKernels(_ abi: Int, _ listener: String) async throws {
        for attempt in ["empty", "truncate", "write"] {
            let worker = try await run(attempt, "DIR/read/file", "abi=\(abi)", listener)
            #expect(worker.result == "EACCES")
        }
        #expect(try String(contentsOfFile: folder.path + "/read/file", encoding: .utf8) == "kept")
        #expect(try await run("open", "DIR/read/file", "abi=\(abi)", listener).result == "done")
    }
}
