package import Core

/// What a worker process may use.
package struct ResourceLimits: Sendable, Hashable {
    package static let standard = ResourceLimits(memoryMB: 256, threads: 64, openFiles: 64)

    package var memoryMB: Int
    package var threads: Int
    package var openFiles: Int

    package init(memoryMB: Int, threads: Int, openFiles: Int) {
        self.memoryMB = memoryMB
        self.threads = threads
        self.openFiles = openFiles
    }

    /// What skill.yaml asks for, with the defaults for the rest, and the operator's word above both.
    package init(wish: Manifest.IsolationWish, operatorSetting: IsolationSettings.Plugin = .init()) {
        let standard = Self.standard
        memoryMB = operatorSetting.memoryMB ?? wish.memoryMB ?? standard.memoryMB
        threads = operatorSetting.threads ?? wish.threads ?? standard.threads
        openFiles = operatorSetting.openFiles ?? wish.openFiles ?? standard.openFiles
    }
}
