/// What Landlock can refuse in each of its versions, and what of it is granted.
struct LandlockRights: Sendable, Hashable {
    /// On files and folders, as in linux/landlock.h.
    struct Files: OptionSet, Sendable, Hashable {
        let rawValue: UInt64

        static let execute = Files(rawValue: 1 << 0)
        static let writeFile = Files(rawValue: 1 << 1)
        static let readFile = Files(rawValue: 1 << 2)
        static let readFolder = Files(rawValue: 1 << 3)
        static let removeFolder = Files(rawValue: 1 << 4)
        static let removeFile = Files(rawValue: 1 << 5)
        static let makeCharacterDevice = Files(rawValue: 1 << 6)
        static let makeFolder = Files(rawValue: 1 << 7)
        static let makeFile = Files(rawValue: 1 << 8)
        static let makeSocket = Files(rawValue: 1 << 9)
        static let makeFIFO = Files(rawValue: 1 << 10)
        static let makeBlockDevice = Files(rawValue: 1 << 11)
        static let makeLink = Files(rawValue: 1 << 12)
        /// Renaming and linking from one folder to another.
        static let refer = Files(rawValue: 1 << 13)
        static let truncate = Files(rawValue: 1 << 14)
        static let controlDevice = Files(rawValue: 1 << 15)

        /// The thirteen of version 1.
        static let first = Files(rawValue: (1 << 13) - 1)
    }

    /// What is refused unless a rule grants it.
    let files: Files
    /// Binding and connecting TCP sockets: 1 and 2.
    let network: UInt64
    /// Abstract Unix sockets and signals to processes outside: 1 and 2.
    let scopes: UInt64
    let abi: Int

    init(abi: Int) {
        self.abi = max(0, abi)
        var files: Files = abi >= 1 ? .first : []
        if abi >= 2 { files.insert(.refer) }
        if abi >= 3 { files.insert(.truncate) }
        if abi >= 5 { files.insert(.controlDevice) }
        self.files = files
        network = abi >= 4 ? 0b11 : 0
        scopes = abi >= 6 ? 0b11 : 0
    }

    /// Without execution: loading a library is reading it, and starting a program is not to be.
    var reading: Files { files.intersection([.readFile, .readFolder]) }

    /// Regular files and folders only.
    ///
    /// A link could lead the host astray when it tidies the folder.
    var writing: Files {
        reading.union(
            files.intersection([.writeFile, .removeFolder, .removeFile, .makeFolder, .makeFile, .refer, .truncate])
        )
    }

    /// Whether it leaves no way to empty a file that may only be read.
    var coversTruncation: Bool { files.contains(.truncate) }

    var description: String {
        var parts = ["files"]
        if network != 0 { parts.append("TCP") }
        if scopes != 0 { parts += ["signals", "abstract sockets"] }
        let rest = abi < 3 ? "; seccomp covers truncation" : ""
        return "ABI \(abi): \(parts.joined(separator: ", "))\(rest)"
    }
}
