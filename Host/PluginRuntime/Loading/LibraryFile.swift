import CLinux
import Core
import Glibc

/// A library file, opened once: what is checked through the descriptor is what is loaded from it.
package struct LibraryFile: ~Copyable {
    /// A library larger than this is refused.
    static let maxBytes = 256 << 20

    package let path: String
    package let descriptor: Int32
    let image: ELFImage

    package init(path: String) throws(Refusal) {
        self.path = path
        // A link could be pointed elsewhere between the check and the load; a FIFO would wait for a writer for ever.
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Refusal(
                .missingFile,
                "\(path) cannot be opened: \(String(cString: strerror(errno)))",
                fix: "skill.yaml's `entry` must name a regular file inside the plugin's folder."
            )
        }
        do throws(Refusal) {
            image = try Self.read(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Takes the descriptor over.
    private init(descriptor: Int32, path: String) throws(Refusal) {
        self.path = path
        self.descriptor = descriptor
        do throws(Refusal) {
            image = try Self.read(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func read(_ descriptor: Int32, _ path: String) throws(Refusal) -> ELFImage {
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, 0...maxBytes ~= Int(info.st_size) else {
            throw Refusal(
                .missingFile,
                "\(path) is not a regular file of at most \(maxBytes) bytes",
                fix: "skill.yaml's `entry` must name the library itself."
            )
        }
        let size = Int(info.st_size)
        guard size > 0, let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            throw notELF(path, "it is empty")
        }
        defer { munmap(memory, size) }
        do {
            return try ELFImage.parse(UnsafeRawBufferPointer(start: memory, count: size))
        } catch {
            throw notELF(path, "\(error)")
        }
    }

    private static func notELF(_ path: String, _ reason: String) -> Refusal {
        Refusal(
            .notELF,
            "\(path) is not an ELF shared library: \(reason)",
            fix: "Build it with `-shared -fPIC`."
        )
    }

    /// A descriptor of a copy that nobody can change any more, of a library that has passed ``check()``; of the file
    /// itself where the kernel keeps no such copies.
    package func checkedCopy() throws(Refusal) -> Int32 {
        let copy = prax_sealed_copy(descriptor, 1)
        guard copy >= 0 else {
            try check()
            return fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        }
        // What is checked is what is loaded, whoever writes to the file meanwhile.
        let file = try LibraryFile(descriptor: copy, path: path)
        try file.check()
        return fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
    }

    /// Everything that can be known without running its code.
    package borrowing func check() throws(Refusal) {
        guard image.machine.description == Platform.architecture else {
            throw Refusal(
                .architecture,
                "\(path) is built for \(image.machine), this host is \(Platform.architecture)",
                fix: "Build it for \(Platform.architecture)."
            )
        }
        guard image.exportedSymbols.contains("prax_plugin_entry") else {
            throw Refusal(
                .noEntry,
                "\(path) exports no prax_plugin_entry",
                fix: "Define it as the header says, with default visibility and C linkage."
            )
        }
        let others = image.exportedSymbols.filter { $0 != "prax_plugin_entry" && !$0.isOfTheCPlusPlusLibrary }
        guard others.isEmpty else {
            let names = others.prefix(3).joined(separator: ", ")
            throw Refusal(
                .extraSymbols,
                "\(path) exports \(others.count) symbol\(others.count == 1 ? "" : "s") besides prax_plugin_entry: "
                    + names,
                fix:
                    "Link with `-Wl,--version-script=FILE`, a file that says `{ global: prax_plugin_entry; local: *; };`: "
                    + "a second symbol can be mistaken for another plugin's."
            )
        }
    }
}

extension String {
    /// Whether this is a symbol of namespace std or of the compiler's own (Itanium C++ ABI, 5.1).
    ///
    /// The library's templates come out with default visibility whatever `-fvisibility` says. They are the same in
    /// every plugin, and RTLD_LOCAL keeps them apart.
    fileprivate var isOfTheCPlusPlusLibrary: Bool {
        guard hasPrefix("_Z") else { return false }
        var rest = dropFirst(2)
        while let first = rest.first {
            if ["St", "Ss", "Sa", "9__gnu_cxx", "10__cxxabiv1"].contains(where: rest.hasPrefix) { return true }
            guard "TVISGZNKRr".contains(first) else { return false }
            rest = rest.dropFirst()
        }
        return false
    }
}
