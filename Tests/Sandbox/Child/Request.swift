import Core
import Glibc
import Sandbox

/// What the command line asks for: `ROLE MODE LIBRARY ATTEMPT [ARGUMENT [ARGUMENT]] [KEY=VALUE ...]`.
struct Request {
    let mode: Manifest.IsolationWish.Mode
    let library: String
    let attempt: String
    let arguments: [String]
    let settings: [String: String]

    init?(_ words: [String]) {
        guard words.count >= 3, let mode = Manifest.IsolationWish.Mode(rawValue: words[0]) else { return nil }
        self.mode = mode
        library = words[1]
        attempt = words[2]
        arguments = words[3...].filter { !$0.contains("=") }
        let pairs = words[3...].compactMap { word -> (String, String)? in
            guard let sign = word.firstIndex(of: "=") else { return nil }
            return (String(word[..<sign]), String(word[word.index(after: sign)...]))
        }
        settings = Dictionary(pairs) { $1 }
    }

    func number(_ key: String) -> Int? { settings[key].flatMap { Int($0) } }

    /// This machine's, or an older one's.
    var kernel: KernelFeatures {
        var kernel = KernelFeatures.own
        if let abi = number("abi") { kernel.landlockABI = abi }
        if number("listener") == 0 { kernel.hasListener = false }
        return kernel
    }

    /// The same for host and worker, whose parent the host is.
    func profile(host: Int32) -> SandboxProfile {
        SandboxProfile(
            mode: mode,
            expectedParent: number("parent").map { Int32($0) } ?? host,
            memoryBytes: (number("memory_mb") ?? 256) << 20,
            openFiles: number("open_files") ?? 64,
            maxFileBytes: (number("file_mb") ?? 64) << 20,
            readablePaths: settings["read"].map { [$0] } ?? [],
            writablePaths: settings["write"].map { [$0] } ?? []
        )
    }
}

/// One line, in one piece: host and worker write to the same pipe.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = Glibc.write(1, bytes, bytes.count)
}
