import Glibc

/// What a folder takes of the disk, counted without following symbolic links or entering other file systems.
///
/// The folder may be its owner's weapon: files that vanish meanwhile are not counted, and the limits bound the work.
package struct FolderScan: Sendable, Hashable {
    package struct Limits: Sendable, Hashable {
        package var maxEntries: Int
        package var maxDepth: Int

        package init(maxEntries: Int = 100_000, maxDepth: Int = 64) {
            self.maxEntries = maxEntries
            self.maxDepth = maxDepth
        }
    }

    /// Disk blocks, those of folders too; a file with several names counts with each.
    package private(set) var usedBytes = 0
    package private(set) var entries = 0
    /// False when a limit was met or something could not be read: the folder holds more than was counted.
    package private(set) var isComplete = true
    private let limits: Limits

    init(_ path: String, limits: Limits) {
        self.limits = limits
        var status = stat()
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            isComplete = false
            return
        }
        scan(descriptor, device: status.st_dev, depth: 1)
    }

    /// Takes the descriptor over.
    private mutating func scan(_ descriptor: Int32, device: dev_t, depth: Int) {
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            isComplete = false
            return
        }
        defer { closedir(stream) }
        let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while let entry = readdir(stream) {
            let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
            if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
            guard entries < limits.maxEntries else {
                isComplete = false
                return
            }
            count(name, in: descriptor, device: device, depth: depth)
        }
    }

    private mutating func count(_ name: UnsafePointer<CChar>, in folder: Int32, device: dev_t, depth: Int) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        entries += 1
        usedBytes += Int(status.st_blocks) * 512
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_dev == device else { return }
        let child = depth < limits.maxDepth ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1
        guard child >= 0 else {
            isComplete = false
            return
        }
        scan(child, device: device, depth: depth + 1)
    }
}
