/// Something a worker tried and was refused.
package struct Denial: Sendable, Hashable {
    /// What was tried, in one word for the audit.
    package enum Attempt: String, Sendable, CaseIterable {
        /// Reading a file or a folder that was not granted.
        case open
        /// Writing, making, renaming or removing one.
        case write
        /// Changing the owner, the mode, the times or the attributes of a file, even one that may be written.
        case attributes
        case socket, fork, exec
        /// A signal to a process other than itself.
        case signal
        /// Looking into another process, or changing how it runs.
        case trace
        /// Memory that nobody counts.
        case memory
        case mount, namespace
        /// Shared memory, queues and semaphores that outlive the worker.
        case ipc
        /// Parts of the kernel that no plugin needs.
        case kernel
    }

    package let what: Attempt
    /// The system call.
    package let call: String
    /// A path, an address family, a process; one line of at most ``maxTargetBytes``.
    ///
    /// It comes from the worker, so it may be a lie: the kernel judged what was there, this is what was read a moment
    /// earlier. Empty when there is nothing to say.
    package let target: String
    package let errno: Int32
    /// How many denials before this one were too many to be reported.
    package internal(set) var droppedBefore = 0

    package static let maxTargetBytes = 256

    init(what: Attempt, call: String, target: String, errno: Int32) {
        self.what = what
        self.call = call
        self.target = target.oneLine(maxBytes: Self.maxTargetBytes)
        self.errno = errno
    }
}

extension String {
    /// Without anything that could start a line, move a cursor or turn text around; a longer text ends in `…`.
    func oneLine(maxBytes: Int) -> String {
        var line = ""
        for scalar in unicodeScalars.prefix(maxBytes + 1) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                line.unicodeScalars.append("?")
            default: line.unicodeScalars.append(scalar)
            }
        }
        guard line.utf8.count > maxBytes else { return line }
        while line.utf8.count > maxBytes - 3 { line.unicodeScalars.removeLast() }
        return line + "…"
    }
}
