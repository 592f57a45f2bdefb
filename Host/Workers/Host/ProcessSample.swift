import Glibc
import Sandbox

/// What a process uses at this moment, as the kernel tells it.
package struct ProcessSample: Sendable, Hashable {
    package var residentBytes = 0
    package var threads = 0
    package var descriptors = 0

    init(residentBytes: Int = 0, threads: Int = 0, descriptors: Int = 0) {
        self.residentBytes = residentBytes
        self.threads = threads
        self.descriptors = descriptors
    }

    /// nil when the process is gone.
    init?(of process: pid_t) {
        guard let text = TextFile.read("/proc/\(process)/status", maxBytes: 4096), !text.isEmpty else { return nil }
        self.init(status: text)
        descriptors = Self.entries("/proc/\(process)/fd")
    }

    /// From the text of /proc/PID/status (proc(5)): private memory and swap, for what is shared is not the plugin's.
    init(status: String) {
        for line in status.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, let number = Int(words[1]) else { continue }
            switch words[0] {
            case "RssAnon:", "RssShmem:", "VmSwap:": residentBytes += number << 10
            case "Threads:": threads = number
            default: break
            }
        }
    }

    private static func entries(_ path: String) -> Int {
        guard let folder = opendir(path) else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.` and `..`.
        return max(0, count - 2)
    }
}

/// Judges one sample after the other.
struct UsageJudge {
    private let limits: WorkerLimits
    private let base: ProcessSample
    private var descriptors: [Int] = []

    /// How often in a row the descriptors may grow while none is left for the plugin's next call.
    private static let maxGrowingSamples = 3

    /// `base` is what the worker needs for itself.
    init(limits: WorkerLimits, base: ProcessSample) {
        self.limits = limits
        self.base = base
    }

    /// What a worker needs for itself, from a sample of it that was taken when it had just shut itself in.
    ///
    /// The plugin's library may already be running by then, so only so much of the sample is believed.
    static func base(_ sample: ProcessSample) -> ProcessSample {
        ProcessSample(
            residentBytes: min(sample.residentBytes, maxBaseBytes) + ownBytes,
            threads: ownThreads,
            descriptors: min(sample.descriptors, maxBaseDescriptors)
        )
    }

    private static let maxBaseBytes = 64 << 20
    private static let maxBaseDescriptors = 16
    /// What the host's code in the worker takes later on: threads that read and write, their stacks and buffers.
    private static let ownBytes = 16 << 20
    private static let ownThreads = 4

    /// What is wrong, if anything is.
    mutating func judge(_ sample: ProcessSample) -> FaultKind? {
        if sample.residentBytes > base.residentBytes + limits.memoryBytes { return .memory }
        if sample.threads > base.threads + limits.threads { return .threads }
        descriptors = Array((descriptors + [sample.descriptors]).suffix(Self.maxGrowingSamples + 1))
        let isGrowing =
            descriptors.count > Self.maxGrowingSamples && zip(descriptors, descriptors.dropFirst()).allSatisfy(<)
        let isNearLimit = sample.descriptors >= base.descriptors + limits.openFiles * 3 / 4
        return isGrowing && isNearLimit ? .descriptors : nil
    }
}
