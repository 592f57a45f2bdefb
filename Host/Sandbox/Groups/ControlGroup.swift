import Glibc

/// The control group of one worker.
package struct ControlGroup: Sendable {
    private let layout: ControlGroupLayout
    private let name: String

    init(layout: ControlGroupLayout, name: String) {
        self.layout = layout
        self.name = name
    }

    /// Puts a process into it, with all its threads; before it runs what is to be limited.
    ///
    /// Memory that it has already stays counted where it was.
    package func add(_ process: Int32) throws(ControlGroupError) {
        for folder in layout.folders(name) {
            let file = folder + "/cgroup.procs"
            let result = TextFile.write(String(process), to: file)
            guard result == 0 else { throw .cannotLimit(path: file, reason: errorText(result)) }
        }
    }

    /// How often the kernel has killed in it because the memory was used up.
    ///
    /// Asked after a worker was killed and before ``remove()``, it tells whether that was why.
    package var memoryKills: Int {
        let counter = layout.killCounter(name)
        let lines = (TextFile.read(counter.path) ?? "").split(separator: "\n")
        let words = lines.map { $0.split(separator: " ") }
        return words.first { $0.count == 2 && $0[0] == counter.word }.flatMap { Int($0[1]) } ?? 0
    }

    /// How this layer stands around the worker, for its report.
    package var report: LayerReport { LayerReport(.controlGroup, .applied, layout.description) }

    /// Ends every process in it, whatever it has become.
    package func killAll() {
        for folder in layout.folders(name) {
            let processes = TextFile.read(folder + "/cgroup.procs") ?? ""
            for process in processes.split(separator: "\n").compactMap({ pid_t($0) }) where process > 1 {
                kill(process, SIGKILL)
            }
        }
    }

    /// Removes it, once its processes have been reaped.
    ///
    /// Returns false while there are some; the next host's start removes what is left.
    @discardableResult
    package func remove() -> Bool {
        layout.folders(name).map { rmdir($0) == 0 || errno == ENOENT }.allSatisfy(\.self)
    }
}
