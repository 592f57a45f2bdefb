import Core
import Glibc

/// Whether a package can run here, as far as its manifest and its library's headers tell.
///
/// No code of it runs.
struct Compatibility {
    let platform: HostPlatform

    static let entrySymbol = "prax_plugin_entry"
    private static let maxLibraryBytes = 256 << 20

    func check(_ manifest: Manifest, in folder: Folder, files: [UnpackedFile]) throws {
        let what = "\(manifest.name) \(manifest.version)"
        if let reason = platform.refusal(
            of: what,
            minHost: manifest.minHost,
            abiMajor: manifest.abi.major,
            abiMinMinor: manifest.abi.minMinor
        ) {
            throw RegistryError.incompatible(reason + ".")
        }
        guard let entry = manifest.entry[platform.name] else {
            let offered = manifest.entry.keys.sorted().joined(separator: ", ")
            throw RegistryError.incompatible("\(what) is built for \(offered), this is \(platform.name).")
        }
        guard files.contains(where: { $0.path == entry }) else {
            throw RegistryError.archive(
                "skill.yaml names \(entry.quotedForMessage()) as its library, which is not there"
            )
        }
        let parts = entry.split(separator: "/").map(String.init)
        guard let name = parts.last else { throw RegistryError.archive("skill.yaml names no library") }
        let parent = try parts.dropLast().reduce(folder) { try $0.folder($1) }
        try checkLibrary(parent.openFile(name).readAll(maxBytes: Self.maxLibraryBytes), entry)
        if let glibc = manifest.requires.libc.flatMap(Self.glibc), !Self.hostHasGLIBC(glibc) {
            throw RegistryError.incompatible("\(what) needs glibc \(glibc), this host has \(Self.hostGLIBC).")
        }
    }

    private func checkLibrary(_ bytes: [UInt8], _ path: String) throws {
        let image: ELFImage
        do { image = try ELFImage.parse(bytes) } catch {
            throw RegistryError.incompatible("\(path) is no shared library for this host: \(error).")
        }
        let machine = "\(image.machine)"
        guard machine == platform.arch else {
            throw RegistryError.incompatible("\(path) is built for \(machine), this host is \(platform.arch).")
        }
        guard image.exportedSymbols == [Self.entrySymbol] else {
            let others = image.exportedSymbols.filter { $0 != Self.entrySymbol }
            let isMissing = others.count == image.exportedSymbols.count
            let some = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", …" : "")
            throw RegistryError.incompatible(
                "\(path) must export \(Self.entrySymbol) and nothing else; "
                    + (isMissing ? "it does not export it." : "it also exports \(others.count) more: \(some)."),
                hint: "Link it with the version script PluginAPI/exports.map."
            )
        }
        try checkPaths(of: image, path)
        if image.hasTextRelocations { throw RegistryError.incompatible("\(path) has text relocations (TEXTREL).") }
        if image.hasExecutableStack { throw RegistryError.incompatible("\(path) asks for an executable stack.") }
        if let needed = image.requiredGLIBC, !Self.hostHasGLIBC(needed) {
            throw RegistryError.incompatible("\(path) needs GLIBC_\(needed), this host has \(Self.hostGLIBC).")
        }
    }

    /// A library must not choose where its own dependencies come from, except beside itself.
    private func checkPaths(of image: ELFImage, _ path: String) throws {
        if let rpath = image.rpath {
            throw RegistryError.incompatible(
                "\(path) has DT_RPATH \(rpath.quotedForMessage()); only RUNPATH $ORIGIN is allowed."
            )
        }
        if let runpath = image.runpath, !Self.isOwnFolder(runpath) {
            throw RegistryError.incompatible(
                "\(path) has RUNPATH \(runpath.quotedForMessage()); only $ORIGIN is allowed."
            )
        }
        if let tag = image.hiddenDependency {
            throw RegistryError.incompatible("\(path) has \(tag); the libraries it needs belong into DT_NEEDED.")
        }
        if let needed = image.needed.first(where: { $0.contains("/") }) {
            throw RegistryError.incompatible(
                "\(path) needs \(needed.quotedForMessage()); a library is named without a path."
            )
        }
    }

    /// An empty part would mean the folder in which the host was started.
    private static func isOwnFolder(_ runpath: String) -> Bool {
        runpath.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { $0 == "$ORIGIN" }
    }

    /// `2.31` of `glibc>=2.31`.
    private static func glibc(_ text: String) -> String? {
        text.hasPrefix("glibc>=") ? String(text.dropFirst("glibc>=".count)) : nil
    }

    /// `2.36` of the system's `glibc 2.36`.
    private static var hostGLIBC: String {
        let text = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { text in
                count = max(1, min(text.count, confstr(Int32(_CS_GNU_LIBC_VERSION), text.baseAddress, text.count))) - 1
            }
        }
        return String(String(decoding: text, as: UTF8.self).split(separator: " ").last ?? "0")
    }

    private static func hostHasGLIBC(_ version: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0) ?? Int.max } }
        return !numbers(hostGLIBC).lexicographicallyPrecedes(numbers(version))
    }
}
