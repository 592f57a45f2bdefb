package import Core

/// One layer of the protection around a worker; the raw value is its word for operators.
package enum Layer: String, Sendable, CaseIterable {
    /// The worker is a process of its own, and ends with the host.
    case process
    /// Limits of memory, descriptors, file sizes and core dumps.
    case limits = "rlimits"
    /// Nothing the worker starts gains privileges, and it has none itself.
    case privileges = "no_new_privs"
    /// Which files it may open.
    case landlock
    /// Which system calls it may make.
    case seccomp
    /// What it is refused is told to the host.
    case denials
    /// An empty network, and users, mounts, IPC and host names of its own.
    case namespaces
    /// What memory and how many threads it may use, counted by the kernel. The host's work, not the worker's.
    case controlGroup = "cgroup"

    /// The loosest mode that has this layer.
    package var mode: Manifest.IsolationWish.Mode {
        switch self {
        case .process, .limits, .privileges: .process
        case .landlock, .seccomp, .denials: .sandbox
        case .namespaces, .controlGroup: .strict
        }
    }
}

/// How a layer stands: on this machine, or around one worker.
package struct LayerReport: Sendable, Hashable {
    package enum State: String, Sendable {
        /// It is around this worker.
        case applied
        /// It could be had on this machine.
        case available
        /// It cannot be had on this machine.
        case unavailable
        /// It was to be had, but something went wrong.
        case failed
    }

    package let layer: Layer
    package let state: State
    /// What it does here, or why it is not there; one line.
    package let detail: String
    /// What the operator can do when it is not to be had.
    package let fix: String?

    package init(_ layer: Layer, _ state: State, _ detail: String, fix: String? = nil) {
        self.layer = layer
        self.state = state
        self.detail = detail
        self.fix = fix
    }

    /// Whether it protects, or could.
    package var isThere: Bool { state == .applied || state == .available }
}

extension [LayerReport] {
    /// The layers that `mode` is made of and that do not protect, in their usual order.
    package func missing(for mode: Manifest.IsolationWish.Mode) -> [Layer] {
        guard mode != .inproc else { return [] }
        return Layer.allCases.filter { layer in
            layer.mode <= mode && !contains { $0.layer == layer && $0.isThere }
        }
    }
}
