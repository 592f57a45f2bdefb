import Core
import PraximousJSON
import Testing

@testable import Registry

/// A package put together by hand; the ordinary one is good.
struct TestPackage {
    var name = "acme/hello"
    var version = "1.0.0"
    var taskType = "hello"
    var entry = "lib/linux-\(HostPlatform.current.arch)/skill.so"
    var extra = ""
    /// Beside skill.yaml; the library is added by ``files()``.
    var others: [(String, [UInt8])] = [("README.md", Array("# Hello\n".utf8))]
    var library: [UInt8]?

    var manifest: String {
        """
        apiVersion: praximous.dev/v1
        kind: skill
        name: \(name)
        version: \(version)
        title: Hello
        description: Says hello.
        license: Apache-2.0
        abi: { major: 1, min_minor: 0 }
        entry: { linux-\(HostPlatform.current.arch): \(entry) }
        capabilities:
          operations:
            - name: greet
              description: Greets.
              parameters_schema: { type: object }
        task_type: \(taskType)
        \(extra)

        """
    }

    func files() throws -> [(String, [UInt8])] {
        [("skill.yaml", Array(manifest.utf8)), (entry, try library ?? Compiler.plugin.get())] + others
    }

    /// META/MANIFEST.json for these files.
    func list(_ files: [(String, [UInt8])]) -> [UInt8] {
        var entries = JSONObject()
        for (path, bytes) in files {
            let mode = PackagePath.mode(of: path)
            entries[path] = PackageManifest.File(digest: SHA256Digest(of: bytes), size: bytes.count, mode: mode).json
        }
        let json: JSON = [
            "format": 1, "name": .string(name), "version": .string(version), "publisher": "acme",
            "created": "2026-11-22T00:00:00Z", "files": .object(entries),
        ]
        return json.encoded()
    }

    /// The tar, without its end, so that a test can go on; signed when there is a key.
    func tar(key: SigningKey?, list change: (inout [UInt8]) -> Void = { _ in }) throws -> TarMaker {
        let files = try files()
        var list = list(files)
        change(&list)
        var tar = TarMaker()
        tar.file("skill.yaml", files[0].1)
        tar.file("META/MANIFEST.json", list)
        if let key { tar.file("META/MANIFEST.sig", SignatureFile.signing(list, as: .manifest, with: key).encoded()) }
        for (path, bytes) in files.dropFirst() { tar.file(path, bytes) }
        return tar
    }

    func archive(key: SigningKey?) throws -> [UInt8] {
        var tar = try tar(key: key)
        tar.end()
        return Gzip.member(tar.bytes)
    }
}

/// Keys that are the same in every run; the official one is not among them.
enum TestKeys {
    static let store = SigningKey(seed: [UInt8](repeating: 1, count: 32))
    static let stranger = SigningKey(seed: [UInt8](repeating: 2, count: 32))

    /// Another key for each number, different from those above.
    static func make(_ number: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [number] + [UInt8](repeating: 3, count: 31)))
    }
}
