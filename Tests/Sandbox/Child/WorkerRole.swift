import CLinux
import Glibc
import Sandbox

/// Applies the profile, says what came of it, sends the listener off and tries what it was asked to.
enum WorkerRole {
    private typealias Attempt =
        @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Int32

    static func run(_ request: Request) -> Int32 {
        var byte: UInt8 = 0
        guard read(3, &byte, 1) == 1 else { return 2 }
        let file = open(request.library, O_RDONLY | O_CLOEXEC)
        // As the host hands a plugin over: nobody can change it any more.
        let library = request.settings["library"] == "file" ? file : prax_sealed_copy(file, 1)
        let before = MonotonicTime.now()
        let profile = request.profile(host: getppid())
        let result = Sandbox.apply(profile, on: request.kernel)
        let microseconds = (MonotonicTime.now() - before) / 1000
        send(result.listener)
        for report in result.reports {
            say("layer \(report.layer.rawValue) \(report.state.rawValue) [\(report.detail)]")
        }
        say("missing \(result.missing(for: request.mode).map(\.rawValue).joined(separator: ","))")
        say("applied in \(microseconds) us")
        say("result \(attempt(request, library))")
        return 0
    }

    private static func send(_ listener: Int32?) {
        var byte: UInt8 = 1
        withUnsafeMutableBytes(of: &byte) { bytes in
            var part = iovec(iov_base: bytes.baseAddress, iov_len: 1)
            _ = prax_send(3, &part, 1, listener ?? -1, 1)
        }
        if let listener { close(listener) }
    }

    private static func attempt(_ request: Request, _ library: Int32) -> String {
        if let outcome = SwiftAttempts.run(request.attempt, request.arguments) { return outcome }
        guard let handle = dlopen("/proc/self/fd/\(library)", RTLD_NOW | RTLD_LOCAL) else {
            return dlerror().map { String(cString: $0) } ?? "no library"
        }
        guard let symbol = dlsym(handle, "attempt") else { return "no symbol" }
        let run = unsafeBitCast(symbol, to: Attempt.self)
        let first = request.arguments.first.map { strdup($0) } ?? nil
        let second = request.arguments.count > 1 ? strdup(request.arguments[1]) : nil
        let number = run(request.attempt, first, second)
        return number == 0 ? "done" : ErrorName.of(number)
    }
}

enum MonotonicTime {
    /// Nanoseconds.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

enum ErrorName {
    static func of(_ number: Int32) -> String {
        let names: [Int32: String] = [
            EPERM: "EPERM", EACCES: "EACCES", ENOSYS: "ENOSYS", ENOENT: "ENOENT", ENOMEM: "ENOMEM", EMFILE: "EMFILE",
            EAGAIN: "EAGAIN", EFAULT: "EFAULT", ENAMETOOLONG: "ENAMETOOLONG", EXDEV: "EXDEV",
        ]
        return names[number] ?? "error \(number)"
    }
}
