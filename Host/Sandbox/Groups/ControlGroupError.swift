/// Why there are no control groups for workers.
package enum ControlGroupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// None of the kernel's hierarchies has both controllers where this process is.
    case noControllers(missing: [String])
    /// The host's own group may not be changed by it.
    case notDelegated(path: String, reason: String)
    /// In version 2 a group that has processes hands no controllers on, and the host is not alone in its group.
    case shared(path: String)
    case cannotMake(path: String, reason: String)
    case cannotLimit(path: String, reason: String)

    package var description: String {
        switch self {
        case .noControllers(let missing): "no controller for \(missing.joined(separator: " and ")) here"
        case .notDelegated(let path, let reason): "\(path) is not the host's to change: \(reason)"
        case .shared(let path): "the host shares \(path) with other processes"
        case .cannotMake(let path, let reason): "\(path) cannot be made: \(reason)"
        case .cannotLimit(let path, let reason): "\(path) cannot be set: \(reason)"
        }
    }

    package var fix: String {
        switch self {
        case .noControllers: "Start the kernel with the memory and pids controllers (cgroup_enable=memory)."
        case .notDelegated, .shared, .cannotMake, .cannotLimit:
            "Run the host as a systemd service with `Delegate=memory pids`, or in a container with a writable "
                + "/sys/fs/cgroup of its own."
        }
    }
}
