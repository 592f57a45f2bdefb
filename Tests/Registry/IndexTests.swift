import Core
import Egress
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("The index")
struct IndexTests {
    private func store() throws -> TestStore {
        let store = try TestStore()
        try store.add(TestPackage())
        try store.publish()
        return store
    }

    private func refusal(_ store: TestStore, options: InstallOptions = InstallOptions()) async throws -> RegistryError {
        try #require(try await store.refusal("hello", options: options))
    }

    @Test("with a changed byte is refused")
    func tampered() async throws {
        let store = try store()
        var bytes = try store.folder.read("out/skills.json")
        bytes[bytes.count - 1] = 0x20
        try store.folder.write("out/skills.json", bytes)
        let error = try await refusal(store)
        #expect((error.exitCode, error.code) == (.verificationFailed, "signature_wrong"))
    }

    @Test("signed by an unknown key is refused, whatever is allowed")
    func unknownKey() async throws {
        let store = try store()
        try store.publish(with: TestKeys.stranger)
        store.policy.allowsUnsigned = true
        let error = try await refusal(store, options: InstallOptions(allowUnsigned: true))
        #expect((error.exitCode, error.code) == (.verificationFailed, "key_unknown"))
    }

    @Test("with a signature made for another role is refused")
    func otherRole() async throws {
        let store = try store()
        let index = try store.folder.read("out/skills.json")
        let asManifest = SignatureFile.signing(index, as: .manifest, with: store.key)
        try store.folder.write("out/registry/skills.json.sig", asManifest.encoded())
        #expect(try await refusal(store).code == "signature_role")
        try store.folder.write(
            "out/registry/skills.json.sig",
            SignatureFile(role: .index, entries: asManifest.entries).encoded()
        )
        #expect(try await refusal(store).code == "signature_wrong")
    }

    @Test("with one key signing twice is refused")
    func twice() async throws {
        let store = try store()
        let entry = SignatureFile.signing(try store.folder.read("out/skills.json"), as: .index, with: store.key).entries
        let twice = SignatureFile(role: .index, entries: entry + entry)
        try store.folder.write("out/registry/skills.json.sig", twice.encoded())
        #expect(try await refusal(store).code == "signature_malformed")
    }

    @Test("without a signature needs the flag and the operator's policy")
    func unsigned() async throws {
        let store = try store()
        try FileManager.default.removeItem(atPath: store.folder.path + "/out/registry/skills.json.sig")
        #expect(try await refusal(store).exitCode == .verificationFailed)
        #expect(try await refusal(store, options: InstallOptions(allowUnsigned: true)).exitCode == .refused)
        store.policy.allowsUnsigned = true
        #expect(try await refusal(store).exitCode == .verificationFailed)
        let outcome = try await store.install("hello", options: InstallOptions(allowUnsigned: true))
        #expect(outcome.map(\.receipt.trust) == [.unsigned])
    }

    @Test("older than one seen before is refused; what is installed keeps running")
    func rollback() async throws {
        let store = try store()
        try store.publish(version: 5)
        try await store.install("hello")
        try store.publish(version: 4)
        let error = try await refusal(store)
        #expect(error.message == "The index is refused: rollback: it is version 4, this host has already seen 5.")
        #expect(store.installed == ["acme/hello 1.0.0"])
    }

    @Test("that has expired is refused for installing, and still shown")
    func expired() async throws {
        let store = try store()
        try store.publish(expires: "2026-11-23")
        let error = try await refusal(store)
        #expect(
            error.message == "The index is refused: it expired at 2026-11-23T00:00:00Z, so it may hide newer versions."
        )
        let now = store.now
        let client = IndexClient(layout: store.layout, policy: store.policy, clock: WallClock { now * 1_000_000 })
        #expect(try await client.browse(store.policy.entries[0]).warnings == [error.message])
    }

    @Test("is not called expired when the clock is wrong")
    func clock() async throws {
        let store = try store()
        store.now = 978_307_200
        #expect(try await refusal(store).message.contains("the clock is wrong: it shows 2001-01-01T00:00:00Z"))
    }

    @Test("whose package has another hash or size is refused", arguments: ["size", "sha256", "bytes", "longer"])
    func package(_ what: String) async throws {
        let store = try store()
        let name = "out/registry/packages/hello-1.0.0-linux-\(HostPlatform.current.arch).tar.gz"
        var bytes = try store.folder.read(name)
        switch what {
        case "size", "longer": bytes.append(0)
        case "bytes": bytes[bytes.count / 2] ^= 1
        default: bytes.removeLast()
        }
        try store.folder.write(name, bytes)
        #expect(try await refusal(store).exitCode == .verificationFailed)
    }

    @Test("names who may sign a package: another key is refused")
    func publisher() async throws {
        let store = try store()
        let stranger = try #require(TestKeys.stranger).publicKey
        try store.publish(version: 2) { index in
            index["publishers"] = [
                "acme": ["keys": [["id": .string(stranger.id), "ed25519": .string(stranger.base64)]]]
            ]
        }
        #expect(try await refusal(store).code == "key_unknown")
    }

    @Test("must agree with skill.yaml on name and version")
    func identity() async throws {
        let store = try store()
        try store.publish(version: 2) { TestStore.change(&$0, "acme/hello", "version", "1.0.1") }
        let error = try await refusal(store)
        #expect(error.message.contains("skill.yaml says acme/hello 1.0.0, the index says acme/hello 1.0.1"))
    }

    @Test(
        "that is not what JSON allows is refused",
        arguments: [
            "{\"format\":1,\"format\":1,\"version\":1,\"packages\":{}}", "\u{feff}{}", "{\"format\":1,\"version\":NaN}",
            "{} {}",
            "[]", "{\"format\":2,\"version\":1,\"packages\":{}}", "{\"format\":1,\"version\":-1,\"packages\":{}}",
            "{\"format\":1,\"version\":1,\"packages\":{},\"expires\":\"soon\"}", String(repeating: "[", count: 10_000),
        ]
    )
    func malformed(_ text: String) {
        var reader = IndexReader()
        let error = #expect(throws: RegistryError.self) { try reader.read(Array(text.utf8)) }
        #expect(error?.exitCode == .verificationFailed)
    }

    @Test("is read past names and versions this host does not accept")
    func skipping() throws {
        let version: JSON = ["v": 1, "version": "1.0.0", "artifacts": []]
        let future: JSON = ["v": 2, "version": "9.0.0"]
        var packages: JSONObject = ["acme/good": ["versions": [version, future], "new_member": [1, 2]]]
        for name in [
            "../x", "acme/CON", "\u{430}cme/x", "acme/con", "Acme/x", "acme/" + String(repeating: "a", count: 300),
        ] {
            packages[name] = ["versions": [version]]
        }
        var reader = IndexReader()
        let json: JSON = ["format": 1, "version": 1, "packages": .object(packages)]
        let index = try reader.read(json.encoded())
        #expect(index.packages.map(\.name.description) == ["acme/good"])
        #expect(index.packages.first?.versions.map(\.version.description) == ["1.0.0"])
        #expect(reader.warnings.count == 6)
    }

    @Test("from the network may not name files of this machine")
    func localArtifact() throws {
        let source = try IndexSource("https://skills.example.org/store/")
        #expect(source.address.text == "https://skills.example.org/store/skills.json")
        #expect(try source.artifact("pkg/a.tar.gz").text == "https://skills.example.org/store/pkg/a.tar.gz")
        #expect(throws: RegistryError.self) { try source.artifact("file:///etc/passwd") }
        #expect(throws: RegistryError.self) { try source.artifact("http://skills.example.org/a") }
    }
}
