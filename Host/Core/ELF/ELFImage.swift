/// What a shared library's file says about itself, read without loading it.
///
/// Why not libelf: it hands out pointers into bytes that a stranger wrote, in C. Six small tables are all that is
/// needed. They are found the way the dynamic loader finds them, through the program headers: section headers may be
/// missing, or may tell another story than the one that is run.
package struct ELFImage: Sendable, Hashable {
    package let machine: ELFMachine
    package let soname: String?
    /// Names of defined symbols that others can bind to, sorted.
    package let exportedSymbols: [String]
    /// The libraries it asks for.
    package let needed: [String]
    package let rpath: String?
    package let runpath: String?
    /// The highest version of each prefix it needs, such as `GLIBC` to `2.34`.
    package let requiredVersions: [String: String]
    /// A tag that makes the loader load other libraries than `needed`, such as `DT_AUXILIARY`.
    package let hiddenDependency: String?
    package let hasTextRelocations: Bool
    package let hasExecutableStack: Bool

    package var requiredGLIBC: String? { requiredVersions["GLIBC"] }
    package var requiredGLIBCXX: String? { requiredVersions["GLIBCXX"] }

    /// What the file says.
    ///
    /// Throws ``ELFError`` when it is no 64-bit little-endian shared library, or is damaged.
    package static func parse(_ bytes: [UInt8]) throws(ELFError) -> ELFImage {
        let result = bytes.withUnsafeBytes { buffer -> Result<ELFImage, ELFError> in
            Result { () throws(ELFError) in try parse(buffer) }
        }
        return try result.get()
    }

    /// What the file says.
    ///
    /// Throws ``ELFError`` as ``parse(_:)`` of an array does.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(ELFError) -> ELFImage {
        let file = try ELFFile(ELFBytes(bytes))
        let dynamic = try ELFDynamicTable(file)
        let symbols = try ELFSymbols(file, dynamic)
        return ELFImage(
            machine: file.machine,
            soname: try dynamic.soname,
            exportedSymbols: try symbols.exportedNames(),
            needed: try dynamic.needed,
            rpath: try dynamic.rpath,
            runpath: try dynamic.runpath,
            requiredVersions: try ELFVersions.required(file, dynamic),
            hiddenDependency: dynamic.hiddenDependency,
            hasTextRelocations: dynamic.hasTextRelocations,
            hasExecutableStack: file.hasExecutableStack
        )
    }
}

/// The processor a library is built for.
package enum ELFMachine: Sendable, Hashable, CustomStringConvertible {
    case x86_64
    case aarch64
    case riscv64
    case i386
    case arm
    case other(UInt16)

    init(_ number: UInt16) {
        switch number {
        case 62: self = .x86_64
        case 183: self = .aarch64
        case 243: self = .riscv64
        case 3: self = .i386
        case 40: self = .arm
        default: self = .other(number)
        }
    }

    /// The name as platforms spell it.
    package var description: String {
        switch self {
        case .x86_64: "x86_64"
        case .aarch64: "aarch64"
        case .riscv64: "riscv64"
        case .i386: "i386"
        case .arm: "arm"
        case .other(let number): "machine \(number)"
        }
    }
}

/// Why a file is no library that the host could load.
package enum ELFError: Error, Sendable, Hashable, CustomStringConvertible {
    case notELF(found: String)
    case not64Bit(ELFMachine)
    case notLittleEndian
    case notSharedLibrary(found: String)
    case notDynamic
    case truncated(String)
    case malformed(String)

    package var description: String {
        switch self {
        case .notELF(let found): "expected an ELF shared library, found \(found); build it with -shared -fPIC"
        case .not64Bit(let machine):
            "expected a 64-bit library, found a 32-bit one for \(machine); build it for 64 bits"
        case .notLittleEndian: "expected a little-endian library, found a big-endian one; build it for this platform"
        case .notSharedLibrary(let found):
            "expected a shared library, found \(found); build it with -shared -fPIC"
        case .notDynamic: "expected a shared library, found a file without a dynamic section; build it with -shared"
        case .truncated(let what): "the file ends inside \(what); build or download it again"
        case .malformed(let what): "the file is damaged: \(what); build or download it again"
        }
    }
}
