package import Core

/// What is put around one worker.
///
/// The host and the worker build it from the same facts: the worker applies it, the host tells by it what was refused.
package struct SandboxProfile: Sendable, Hashable {
    package var mode: Manifest.IsolationWish.Mode
    /// The host; the worker ends at once when its parent is another.
    package var expectedParent: Int32
    /// What the worker may add to the memory it has when the profile is applied: address space, not use.
    package var memoryBytes: Int
    /// Descriptors that it may add to those it has.
    package var openFiles: Int
    /// How long a file may become that it writes; beyond that it dies of SIGXFSZ.
    package var maxFileBytes: Int
    /// Memory that it may lock; a key or two.
    package var maxLockedBytes: Int
    /// The stack of a thread whose creator asks for none: glibc's 8 MiB would count 64 threads as half a gigabyte.
    package var threadStackBytes: Int
    /// Files, or folders with all that is in them, beside those of ``SystemPaths``.
    package var readablePaths: [String]
    /// Folders in which it may read, write, make and remove files: the plugin's data, when that was granted.
    package var writablePaths: [String]
    /// Leaves the limit of descriptors to ``Sandbox/limitFiles(_:)``.
    ///
    /// Without privileges a process may send a descriptor only while its *user* has fewer of them on their way, over all
    /// processes, than its own limit (unix(7), ETOOMANYREFS): a worker that has to hand its listener over would depend on
    /// what others are doing.
    package var limitsFilesLater = false

    package init(
        mode: Manifest.IsolationWish.Mode,
        expectedParent: Int32,
        memoryBytes: Int = 256 << 20,
        openFiles: Int = 64,
        maxFileBytes: Int = 256 << 20,
        maxLockedBytes: Int = 64 << 10,
        threadStackBytes: Int = 1 << 20,
        readablePaths: [String] = [],
        writablePaths: [String] = []
    ) {
        self.mode = mode
        self.expectedParent = expectedParent
        self.memoryBytes = memoryBytes
        self.openFiles = openFiles
        self.maxFileBytes = maxFileBytes
        self.maxLockedBytes = maxLockedBytes
        self.threadStackBytes = threadStackBytes
        self.readablePaths = readablePaths
        self.writablePaths = writablePaths
    }
}
