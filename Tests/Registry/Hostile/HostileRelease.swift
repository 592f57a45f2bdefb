import PraximousJSON

@testable import Registry

/// Release 1.1.0, or another, of acme/hello as its publisher would make it, with places to spoil it at.
struct HostileRelease: Sendable {
    typealias TarChange = @Sendable (inout TarMaker) -> Void

    var package: TestPackage
    /// The files that the tar holds, skill.yaml first.
    private(set) var files: [(path: String, content: [UInt8])]
    /// Listed and signed, but put into the tar by ``append(_:)``.
    private var listed: [(path: String, content: [UInt8])] = []
    private var appended: [TarChange] = []
    /// META/MANIFEST.json before it is signed.
    var changeList: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    /// After it was signed.
    var changeSignedList: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var signature: @Sendable ([UInt8]) throws -> [UInt8]? = Self.sign
    /// The tar that goes before all else.
    var start: TarChange = { _ in }
    var hasEnd = true
    /// The whole tar.
    var changeTar: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var pack: @Sendable ([UInt8]) throws -> [UInt8] = { Gzip.member($0) }
    /// What the index says of the package.
    var changeArtifact: @Sendable (inout JSONObject) -> Void = { _ in }
    var changeVersion: @Sendable (inout JSONObject) -> Void = { _ in }
    var changeIndex: @Sendable (inout JSONObject) -> Void = { _ in }
    /// skills.json before it is signed; what signs it, and as what.
    var changeIndexText: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var indexKey = TestKeys.store
    var indexRole: SignedRole? = .index
    /// What the store serves, when that is not what the index describes.
    var changeServed: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    init(_ version: String = "1.1.0") throws {
        package = TestPackage()
        package.version = version
        package.library = try (version == "1.0.0" ? HelloLibrary.installed : HelloLibrary.next).get()
        files = try package.files().map { (path: $0.0, content: $0.1) }
    }

    /// One more file, listed, signed and in the tar.
    mutating func add(_ path: String, _ content: [UInt8]) { files.append((path, content)) }

    /// One more file in the signed list alone.
    mutating func list(_ path: String, _ content: [UInt8]) { listed.append((path, content)) }

    mutating func list(_ path: [UInt8], _ content: [UInt8]) {
        list(String(decoding: path, as: UTF8.self), content)
    }

    /// What goes into the tar after all files and before its end.
    mutating func append(_ change: @escaping TarChange) { appended.append(change) }

    mutating func replace(_ path: String, with content: [UInt8]) {
        for position in files.indices where files[position].path == path { files[position].content = content }
    }

    mutating func remove(_ path: String) { files.removeAll { $0.path == path } }

    static let sign: @Sendable ([UInt8]) throws -> [UInt8]? = { list in
        TestKeys.store.map { SignatureFile.signing(list, as: .manifest, with: $0).encoded() }
    }

    /// The package file, and what the index is to say of it.
    func build() throws -> (archive: [UInt8], artifact: JSONObject) {
        let list = changeList(package.list((files + listed).map { ($0.path, $0.content) }))
        var tar = TarMaker()
        start(&tar)
        if let first = files.first, first.path == "skill.yaml" { tar.file(first.path, first.content) }
        tar.file("META/MANIFEST.json", changeSignedList(list))
        let signature = try signature(list)
        if let signature { tar.file("META/MANIFEST.sig", signature) }
        for file in files where file.path != "skill.yaml" { tar.file(file.path, file.content) }
        for change in appended { change(&tar) }
        if hasEnd { tar.end() }
        let archive = try pack(changeTar(tar.bytes))
        var artifact: JSONObject = [
            "os": "linux", "arch": .string(HostileStore.arch), "url": "packages/hello-1.1.0.tar.gz",
            "size": .integer(max(1, archive.count)), "unpacked": .integer(tar.bytes.count),
            "sha256": .string(SHA256Digest(of: archive).hex),
        ]
        changeArtifact(&artifact)
        return (changeServed(archive), artifact)
    }
}
