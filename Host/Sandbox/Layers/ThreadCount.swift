/// How many threads this process has.
enum ThreadCount {
    /// 1 when it cannot be told.
    static func now() -> Int {
        guard let status = TextFile.read("/proc/self/status") else { return 1 }
        let line = status.split(separator: "\n").first { $0.hasPrefix("Threads:") }
        return line.flatMap { Int($0.dropFirst(8).filter { $0 != "\t" && $0 != " " }) } ?? 1
    }
}
