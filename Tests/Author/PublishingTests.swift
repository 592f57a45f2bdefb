import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("From pack to publish") struct PublishingTests {
    /// An author with a built plugin and two keys.
    private struct Desk {
        let author: Author
        let folder: String
        let key: String
        let publicKey: String
        let store: String

        init() async throws {
            author = try Author()
            folder = author.path("notes")
            key = author.path("publisher.key")
            store = author.path("store")
            for words in [
                ["plugins", "new", "acme/notes", "--lang", "c", "--dir", folder], ["plugins", "build", folder],
            ] {
                let step = try await author.host(words)
                guard step.exitCode == 0 else { throw Author.Failed(command: step) }
            }
            let keygen = try await author.host("registry", "keygen", "--out", key, "--json")
            publicKey = try JSON.parse(keygen.output)["ed25519"]?.stringValue ?? ""
        }

        func pack(_ name: String, _ more: String...) async throws -> (path: String, bytes: Data) {
            let path = author.path(name)
            let pack = try await author.host(["plugins", "pack", folder, "-o", path] + more)
            guard pack.exitCode == 0 else { throw Author.Failed(command: pack) }
            return (path, try Data(contentsOf: URL(filePath: path)))
        }

        func publish(_ package: String, _ more: String...) async throws -> Command {
            try await author.host(["plugins", "publish", package, "--index-dir", store] + more)
        }

        func replace(_ old: String, _ new: String, in file: String) throws {
            let path = folder + "/" + file
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test("a folder packed twice gives the same bytes, with and without a key, and after another build")
    func reproducible() async throws {
        let desk = try await Desk()
        let first = try await desk.pack("a.tar.gz")
        #expect(try await desk.pack("b.tar.gz").bytes == first.bytes)
        #expect(try await desk.author.host("plugins", "build", desk.folder).exitCode == 0)
        #expect(try await desk.pack("c.tar.gz").bytes == first.bytes)
        let signed = try await desk.pack("d.tar.gz", "--key", desk.key)
        #expect(try await desk.pack("e.tar.gz", "--key", desk.key).bytes == signed.bytes)
        #expect(signed.bytes != first.bytes)
    }

    @Test("signing a package gives what packing it with the key gives")
    func sign() async throws {
        let desk = try await Desk()
        let packed = try await desk.pack("a.tar.gz", "--key", desk.key)
        let unsigned = try await desk.pack("b.tar.gz")
        let sign = try await desk.author.host("plugins", "sign", unsigned.path, "--key", desk.key)
        #expect(sign.exitCode == 0, "\(sign.errors)")
        #expect(try Data(contentsOf: URL(filePath: unsigned.path)) == packed.bytes)
        // Once more, and it stays the same.
        let again = try await desk.author.host("plugins", "sign", unsigned.path, "--key", desk.key)
        #expect(again.errors.contains("is replaced"))
        #expect(try Data(contentsOf: URL(filePath: unsigned.path)) == packed.bytes)
    }

    @Test("a damaged package is not signed")
    func signDamaged() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("a.tar.gz")
        try package.bytes.prefix(package.bytes.count / 2).write(to: URL(filePath: package.path))
        let sign = try await desk.author.host("plugins", "sign", package.path, "--key", desk.key)
        #expect(sign.exitCode == 4)
        #expect(try Data(contentsOf: URL(filePath: package.path)).count == package.bytes.count / 2)
    }

    @Test("publish shows the difference and writes nothing, until it is told to")
    func dryRun() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        let dry = try await desk.publish(package.path, "--key", desk.key)
        #expect(dry.exitCode == 0, "\(dry.errors)")
        #expect(dry.output.contains("+    \"acme/notes\": {"))
        #expect(dry.errors.contains("Nothing was written"))
        #expect(!FileManager.default.fileExists(atPath: desk.store))
    }

    @Test("what was published is installed from that tree, by a host that trusts only its key")
    func install() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        let publish = try await desk.publish(package.path, "--key", desk.key, "--write")
        #expect(publish.exitCode == 0, "\(publish.errors)")
        let root = desk.author.path("root")
        try FileManager.default.createDirectory(atPath: root + "/config", withIntermediateDirectories: true)
        try "store: { index: \(desk.store), keys: [\"\(desk.publicKey)\"] }\n"
            .write(toFile: root + "/config/praximous.yaml", atomically: true, encoding: .utf8)
        let install = try await desk.author.host("plugins", "install", "--yes", "acme/notes")
        #expect(install.exitCode == 0, "\(install.errors)")
        let call = try await desk.author.host(
            "plugins",
            "call",
            "acme/notes",
            "greet",
            "--json-args",
            #"{"name":"Ada"}"#
        )
        #expect(call.output == "{\"greeting\":\"Hello, Ada!\"}\n", "\(call.errors)")

        // The next version comes in without a word about the first.
        try desk.replace("0.1.0", "0.2.0", in: "skill.yaml")
        try desk.replace("0.1.0", "0.2.0", in: "src/plugin.c")
        #expect(try await desk.author.host("plugins", "build", desk.folder).exitCode == 0)
        let next = try await desk.pack("notes-0.2.0-linux-x86_64.tar.gz", "--key", desk.key)
        let second = try await desk.publish(next.path, "--key", desk.key, "--write")
        #expect(second.output.contains("+          \"version\": \"0.2.0\","))
        #expect(!second.output.contains("0.1.0"))
        let index = try JSON.parse(try String(contentsOfFile: desk.store + "/skills.json", encoding: .utf8))
        let versions = index["packages"]?["acme/notes"]?["versions"]?.arrayValue ?? []
        #expect(versions.compactMap { $0["version"]?.stringValue } == ["0.2.0", "0.1.0"])
    }

    @Test("publishing the same once more changes nothing")
    func again() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        #expect(try await desk.publish(package.path, "--key", desk.key, "--write").exitCode == 0)
        let before = try Data(contentsOf: URL(filePath: desk.store + "/skills.json"))
        let again = try await desk.publish(package.path, "--key", desk.key, "--write")
        #expect(again.exitCode == 0)
        #expect(again.output == "Nothing to do: the index has it.\n")
        #expect(try Data(contentsOf: URL(filePath: desk.store + "/skills.json")) == before)
    }

    @Test("a version that is there is never changed")
    func immutable() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        #expect(try await desk.publish(package.path, "--key", desk.key, "--write").exitCode == 0)
        try desk.replace("Hello, ", "Howdy, ", in: "src/plugin.c")
        #expect(try await desk.author.host("plugins", "build", desk.folder).exitCode == 0)
        let other = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        let publish = try await desk.publish(other.path, "--key", desk.key, "--write")
        #expect(publish.exitCode == 7)
        #expect(publish.errors.contains("lists acme/notes 0.1.0 already"))
        let file = desk.store + "/registry/packages/notes-0.1.0-linux-x86_64.tar.gz"
        #expect(try Data(contentsOf: URL(filePath: file)) == package.bytes)
    }

    @Test("a package that nobody signed, and one that another key signed, are refused")
    func signers() async throws {
        let desk = try await Desk()
        let unsigned = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz")
        let first = try await desk.publish(unsigned.path, "--key", desk.key, "--write")
        #expect(first.exitCode == 4)
        #expect(first.errors.contains("plugins sign"))
        let signed = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        #expect(try await desk.publish(signed.path, "--key", desk.key, "--write").exitCode == 0)

        let stranger = desk.author.path("stranger.key")
        _ = try await desk.author.host("registry", "keygen", "--out", stranger)
        try desk.replace("0.1.0", "0.2.0", in: "skill.yaml")
        try desk.replace("0.1.0", "0.2.0", in: "src/plugin.c")
        #expect(try await desk.author.host("plugins", "build", desk.folder).exitCode == 0)
        let forged = try await desk.pack("notes-0.2.0-linux-x86_64.tar.gz", "--key", stranger)
        let publish = try await desk.publish(forged.path, "--key", stranger, "--write")
        #expect(publish.exitCode == 4)
        #expect(publish.errors.contains("is not known here"))
    }

    @Test("without a key the index is written and its signature asked for")
    func unsignedIndex() async throws {
        let desk = try await Desk()
        let package = try await desk.pack("notes-0.1.0-linux-x86_64.tar.gz", "--key", desk.key)
        let publish = try await desk.publish(package.path, "--publisher-key", desk.publicKey, "--write")
        #expect(publish.exitCode == 0, "\(publish.errors)")
        #expect(publish.errors.contains("registry sign \(desk.store)/skills.json --key FILE"))
        #expect(!FileManager.default.fileExists(atPath: desk.store + "/registry/skills.json.sig"))
    }
}
