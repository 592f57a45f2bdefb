package import Core
package import Workers

/// What a worker process may use.
package struct ResourceLimits: Sendable, Hashable {
    package static let standard = ResourceLimits(memoryMB: 256, threads: 64, openFiles: 64)
    /// The most that a skill.yaml gets by asking; beyond it the operator has to say so.
    package static let ceiling = ResourceLimits(memoryMB: 512, threads: 128, openFiles: 256)

    package var memoryMB: Int
    package var threads: Int
    package var openFiles: Int

    package init(memoryMB: Int, threads: Int, openFiles: Int) {
        self.memoryMB = memoryMB
        self.threads = threads
        self.openFiles = openFiles
    }

    /// Whether a skill.yaml asks for more than this.
    func isLess(than wish: Manifest.IsolationWish) -> Bool {
        memoryMB < wish.memoryMB ?? 0 || threads < wish.threads ?? 0 || openFiles < wish.openFiles ?? 0
    }

    /// What skill.yaml asks for, with the defaults for the rest, and the operator's word above both.
    package init(wish: Manifest.IsolationWish, operatorSetting: IsolationSettings.Plugin = .init()) {
        let (standard, ceiling) = (Self.standard, Self.ceiling)
        memoryMB = operatorSetting.memoryMB ?? min(wish.memoryMB ?? standard.memoryMB, ceiling.memoryMB)
        threads = operatorSetting.threads ?? min(wish.threads ?? standard.threads, ceiling.threads)
        openFiles = operatorSetting.openFiles ?? min(wish.openFiles ?? standard.openFiles, ceiling.openFiles)
    }
}

extension WorkerLimits {
    /// How large a file a plugin may write where its skill.yaml grants no folder with a quota.
    private static let standardMaxFileBytes = 64 << 20

    package init(_ limits: ResourceLimits, maxFileBytes: Int? = nil) {
        self.init(
            memoryBytes: limits.memoryMB << 20,
            threads: limits.threads,
            openFiles: limits.openFiles,
            maxFileBytes: maxFileBytes ?? Self.standardMaxFileBytes
        )
    }
}
