package import Core
import Egress

/// Copies a store into a folder that serves as an index itself: byte for byte, nothing is signed again.
package struct StoreMirror: Sendable {
    package struct Report: Sendable {
        package let indexVersion: Int
        /// Packages that were fetched, and those that were there.
        package fileprivate(set) var copied = 0
        package fileprivate(set) var kept = 0
        /// Addresses of packages outside the store, which a copy of the index cannot move.
        package fileprivate(set) var elsewhere: [String] = []
    }

    let layout: StoreLayout
    let policy: StorePolicy
    let clock: WallClock
    let hooks: InstallHooks

    package init(layout: StoreLayout, policy: StorePolicy, clock: WallClock = .system, hooks: InstallHooks) {
        self.layout = layout
        self.policy = policy
        self.clock = clock
        self.hooks = hooks
    }

    /// Packages first, the index last: a copy that was cut short still is the one before.
    ///
    /// No `references` means every package, no `platforms` all of them. Versions that were revoked are left out.
    package func run(
        to path: String,
        references: [PackageReference] = [],
        platforms: [String] = [],
        allowUnsigned: Bool = false
    ) async throws -> Report {
        let client = IndexClient(layout: layout, policy: policy, clock: clock)
        let loaded = try await client.only(for: references, allowUnsigned: allowUnsigned)
        let copy = try await client.carry(loaded)
        let resolver = Resolver(index: loaded.index, platform: .current)
        let names = Set(try references.map { try resolver.package(for: $0).name })
        let root = try Folder.make(path)
        var report = Report(indexVersion: loaded.index.version)
        for package in loaded.index.packages where references.isEmpty || names.contains(package.name) {
            for artifact in package.versions.flatMap(\.artifacts)
            where (platforms.isEmpty || platforms.contains(artifact.platform))
                && !loaded.index.revokedDigests.contains(artifact.digest)
            {
                try await self.copy(artifact, of: package.name, from: loaded.source, to: root, &report)
            }
        }
        let registry = try root.makeFolder("registry")
        // Signatures before what they sign, and what says what is new last.
        for (name, bytes) in copy.files.sorted(by: { $0.key > $1.key }) where name.hasPrefix("registry/") {
            try registry.replaceFile(String(name.dropFirst("registry/".count)), with: bytes)
        }
        if let index = copy.files[CarriedIndex.index] { try root.replaceFile(CarriedIndex.index, with: index) }
        return report
    }

    private func copy(
        _ artifact: StoreIndex.Artifact,
        of name: PluginName,
        from source: IndexSource,
        to root: Folder,
        _ report: inout Report
    ) async throws {
        guard let components = source.componentsBelow(try source.artifact(artifact.url)), let file = components.last
        else {
            report.elsewhere.append(artifact.url)
            return
        }
        let folder = try components.dropLast().reduce(root) { try $0.makeFolder($1) }
        if try isThere(artifact, file, folder) {
            report.kept += 1
            return
        }
        let package = try await PackageDownload(layout: layout, policy: policy, hooks: hooks)
            .fetch(artifact, of: name, from: source)
        try Self.copy(package, to: file, in: folder)
        report.copied += 1
    }

    private func isThere(_ artifact: StoreIndex.Artifact, _ name: String, _ folder: Folder) throws -> Bool {
        guard let status = try folder.status(name), status.isRegular, status.size == artifact.size else { return false }
        return try SHA256Digest.ofFile(folder.openFile(name)).digest == artifact.digest
    }

    private static func copy(_ source: OpenFile, to name: String, in folder: Folder) throws {
        let temporary = ".\(name).new"
        try folder.removeIfPresent(temporary)
        let file = try folder.createFile(temporary, mode: 0o644)
        try source.copy(to: file)
        try file.synchronize()
        try folder.rename(temporary, to: folder, as: name)
        try folder.synchronize()
    }
}

extension IndexSource {
    /// The way from the index's folder to `target`, in names that can be made below a folder; nil when there is none.
    fileprivate func componentsBelow(_ target: WebAddress) -> [String]? {
        let base = address.path.prefix(through: address.path.lastIndex(of: "/") ?? address.path.startIndex)
        guard target.scheme == address.scheme, target.host == address.host, target.port == address.port,
            target.path.hasPrefix(base)
        else { return nil }
        let path = Array(target.path.dropFirst(base.count).utf8)
        // No escapes either: whoever serves the copy would have to read them as we do.
        guard PackagePath.spellingRefusal(of: path) == nil, !path.contains(UInt8(ascii: "%")) else { return nil }
        let components = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        let isOwn = components == ["skills.json"] || components.first?.hasPrefix(".") ?? true
        return isOwn || CarriedIndex.isName(components.joined(separator: "/")) ? nil : components
    }
}

extension OpenFile {
    private static let copiedPieceBytes = 1 << 20

    /// Appends the whole content, from its beginning.
    func copy(to target: OpenFile) throws {
        var offset = 0
        while true {
            let piece = try read(at: offset, count: Self.copiedPieceBytes)
            guard !piece.isEmpty else { return }
            try target.write(piece)
            offset += piece.count
        }
    }
}
