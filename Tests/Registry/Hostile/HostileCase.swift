import Core
import Testing

/// One way to attack: release 1.1.0 of the installed acme/hello 1.0.0, signed and hashed and right in everything but one
/// thing.
struct HostileCase: Sendable, CustomTestStringConvertible {
    /// The number of the attack where it has one, and what is wrong.
    let testDescription: String
    var exit = ExitCode.verificationFailed
    /// Part of the sentence that says why.
    let reason: String
    let spoil: @Sendable (inout HostileRelease) throws -> Void

    init(
        _ what: String,
        _ reason: String,
        exit: ExitCode = .verificationFailed,
        _ spoil: @escaping @Sendable (inout HostileRelease) throws -> Void
    ) {
        (testDescription, self.reason, self.exit, self.spoil) = (what, reason, exit, spoil)
    }

    /// One more file of that name, listed and signed like the others.
    static func name(_ what: String, _ path: String, _ reason: String) -> HostileCase {
        HostileCase(what, reason) { $0.add(path, [1]) }
    }

    /// One more file whose name these bytes are.
    static func name(_ what: String, bytes: [UInt8], _ reason: String) -> HostileCase {
        HostileCase(what, reason) { $0.append { $0.entry(bytes, kind: "0", [1]) } }
    }

    /// One more file whose name comes from an extension; its header says `share/x`.
    static func extendedName(_ what: String, _ path: [UInt8], _ reason: String) -> HostileCase {
        HostileCase(what, reason) {
            $0.list(path, [1])
            $0.append { tar in
                tar.extended(raw: TarMaker.record("path", path))
                tar.file("share/x", [1])
            }
        }
    }

    static func extendedName(_ what: String, _ path: String, _ reason: String) -> HostileCase {
        extendedName(what, Array(path.utf8), reason)
    }

    /// One more listed file whose header is changed; its checksum is right.
    static func header(
        _ what: String,
        _ reason: String,
        _ change: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> HostileCase {
        HostileCase(what, reason) {
            $0.list("share/x", [1])
            $0.append { $0.file("share/x", [1], header: change) }
        }
    }

    /// One more entry of another kind; `target` is where a link points.
    static func kind(
        _ what: String,
        _ kind: Character,
        _ reason: String,
        name: String = "share/x",
        target: String = "",
        content: [UInt8] = []
    ) -> HostileCase {
        HostileCase(what, reason) {
            $0.list(name, content)
            $0.append { tar in
                tar.entry(Array(name.utf8), kind: kind, content) { block in
                    block.replaceSubrange(157..<(157 + target.utf8.count), with: target.utf8)
                }
            }
        }
    }

    /// An extension before one more listed file.
    static func extension_(_ what: String, _ records: [(String, String)], _ reason: String) -> HostileCase {
        HostileCase(what, reason) {
            $0.list("share/x", [1])
            $0.append { tar in
                tar.extended(records)
                tar.file("share/x", [1])
            }
        }
    }

    /// The same with records as they come.
    static func extension_(_ what: String, raw records: [UInt8], _ reason: String) -> HostileCase {
        HostileCase(what, reason) {
            $0.list("share/x", [1])
            $0.append { tar in
                tar.extended(raw: records)
                tar.file("share/x", [1])
            }
        }
    }

    static func extension_(_ what: String, raw records: String, _ reason: String) -> HostileCase {
        extension_(what, raw: Array(records.utf8), reason)
    }

    /// The good tar, put into something else than one member of gzip.
    static func packed(
        _ what: String,
        _ reason: String,
        _ pack: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) -> HostileCase {
        HostileCase(what, reason) { $0.pack = pack }
    }

    /// skill.yaml with something exchanged.
    static func manifest(
        _ what: String,
        _ reason: String,
        replacing old: String,
        with new: String,
        exit: ExitCode = .verificationFailed
    ) -> HostileCase {
        HostileCase(what, reason, exit: exit) { release in
            let text = release.package.manifest.replacing(old, with: new)
            release.replace("skill.yaml", with: Array(text.utf8))
        }
    }

    /// META/MANIFEST.json with something changed before it is signed.
    static func signedList(
        _ what: String,
        _ reason: String,
        _ change: @escaping @Sendable (String) -> String
    ) -> HostileCase {
        HostileCase(what, reason) { $0.changeList = { Array(change(String(decoding: $0, as: UTF8.self)).utf8) } }
    }

    /// Another library.
    static func library(
        _ what: String,
        _ reason: String,
        exit: ExitCode = .incompatible,
        _ bytes: @escaping @Sendable () throws -> [UInt8]
    ) -> HostileCase {
        HostileCase(what, reason, exit: exit) { $0.replace($0.package.entry, with: try bytes()) }
    }

    /// The good library with some bytes changed.
    static func patched(
        _ what: String,
        _ reason: String,
        exit: ExitCode = .incompatible,
        _ change: @escaping @Sendable (inout [UInt8]) throws -> Void
    ) -> HostileCase {
        library(what, reason, exit: exit) {
            var bytes = try HelloLibrary.next.get()
            try change(&bytes)
            return bytes
        }
    }
}
