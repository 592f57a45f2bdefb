import Foundation
import Glibc

/// What belongs to the whole process and a plugin must leave alone, to see whether it did.
struct ProcessState {
    private let folder = FileManager.default.currentDirectoryPath
    private let mask: mode_t
    private let locale = setlocale(LC_ALL, nil).map { String(cString: $0) }
    private let environment = ProcessInfo.processInfo.environment

    /// Takes note of how things are now; for a process with one thread, because the umask is told only to who sets it.
    init() {
        mask = umask(0o077)
        umask(mask)
    }

    /// What is not as it was, in words.
    func changes(since before: ProcessState) -> [String] {
        var changes: [String] = []
        if folder != before.folder { changes.append("the working folder") }
        if mask != before.mask { changes.append("the umask") }
        if locale != before.locale { changes.append("the locale") }
        let names = Set(environment.keys).union(before.environment.keys)
        for name in names.sorted() where environment[name] != before.environment[name] {
            changes.append("the environment's " + name.onOneLine)
        }
        return changes
    }
}
