import Core
import Glibc
import PraximousJSON

/// What `search` shows of one package.
package struct PackageSummary: Sendable, Hashable {
    /// `owner/name`.
    package let name: String
    /// What an install without a version would look at first; nil where there is none.
    package let version: String?
    package let kind: String
    package let taskType: String?
    package let summary: String
}

/// What a search looks at, of an index that was read whole once: thousands of packages can be gone through in a moment.
///
/// As bytes: a line that says what it is and hashes the rest, a line of JSON, and for each package six fields that end
/// with NUL: name, version, kind, task type, summary, and all that is searched, in lower case.
package struct IndexSummary: IndexContents {
    /// Of the index that it was made of.
    let digest: SHA256Digest
    package let version: Int
    package let generated: Timestamp?
    package let expires: Timestamp?
    let warnings: [String]
    /// The fields of all packages, in the order of the index.
    private let packages: [UInt8]
    private let start: Int
    private var hidesOfficialOwner = false

    /// Another version of the host may leave out other things.
    private static let magic = "prax-host \(HostVersion.text) index summary 1"
    private static let limits = JSONLimits(maxDepth: 4, maxValues: 1_000_000)

    init(_ index: StoreIndex, warnings: [String], digest: SHA256Digest) {
        (self.digest, self.warnings) = (digest, warnings)
        (version, generated, expires) = (index.version, index.generated, index.expires)
        var packages: [UInt8] = []
        for package in index.packages {
            let name = package.name.description
            let searched = ([name, package.summary, package.taskType ?? ""] + package.categories)
                .joined(separator: "\u{1f}").lowercased()
            let version = package.newest?.version.description ?? ""
            for field in [name, version, package.kind, package.taskType ?? "", package.summary, searched] {
                // A NUL ends a field, and no text needs one.
                packages.append(contentsOf: field.utf8.lazy.map { $0 == 0 ? UInt8(ascii: " ") : $0 })
                packages.append(0)
            }
        }
        (self.packages, start) = (packages, 0)
    }

    /// Reads what ``encoded()`` wrote; nil for what is not whole, or was written by another version of this host.
    init?(_ bytes: [UInt8]) {
        guard let first = bytes.firstIndex(of: 0x0a), let second = bytes[(first + 1)...].firstIndex(of: 0x0a) else {
            return nil
        }
        var hasher = SHA256Digest.Hasher()
        bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[(first + 1)...])) }
        guard bytes[..<first].elementsEqual("\(Self.magic) \(hasher.finish())".utf8),
            let json = try? JSON.parse(Array(bytes[(first + 1)..<second]), limits: Self.limits),
            let digest = json["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
            let version = json["version"]?.intValue
        else { return nil }
        (self.digest, self.version) = (digest, version)
        generated = json["generated"]?.stringValue.flatMap(Timestamp.init)
        expires = json["expires"]?.stringValue.flatMap(Timestamp.init)
        warnings = (json["warnings"]?.arrayValue ?? []).compactMap(\.stringValue)
        (packages, start) = (bytes, second + 1)
    }

    package func withoutOfficialOwner() -> IndexSummary {
        var summary = self
        summary.hidesOfficialOwner = true
        return summary
    }

    func encoded() -> [UInt8] {
        var json: JSONObject = ["sha256": .string(digest.hex), "version": .integer(version)]
        json["generated"] = generated.map { .string($0.description) }
        json["expires"] = expires.map { .string($0.description) }
        json["warnings"] = .array(warnings.map(JSON.string))
        let rest = JSON.object(json).encoded() + [0x0a] + packages[start...]
        return Array("\(Self.magic) \(SHA256Digest(of: rest))\n".utf8) + rest
    }

    /// The packages with `term` in their name, summary, task type or a category, at most `limit` of them.
    package func search(_ term: SearchTerm?, kind: String? = nil, limit: Int) -> [PackageSummary] {
        packages.withUnsafeBytes { bytes in
            var found: [PackageSummary] = []
            var place = start
            while found.count < limit, let fields = Fields(bytes, &place) {
                if let term, !fields.isFound(by: term) { continue }
                let package = fields.package
                if hidesOfficialOwner, package.name.hasPrefix(OfficialStore.owner + "/") { continue }
                if kind.map({ $0 == package.kind }) ?? true { found.append(package) }
            }
            return found
        }
    }
}

/// The fields of one package, where they lie.
private struct Fields {
    private let bytes: UnsafeRawBufferPointer
    private let starts: (Int, Int, Int, Int, Int, Int, Int)

    /// Moves `place` to the next package; nil at the end.
    init?(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        func next() -> Int? {
            guard place < bytes.count, let start = bytes.baseAddress?.advanced(by: place),
                let end = memchr(start, 0, bytes.count - place)
            else { return nil }
            place += UnsafeRawPointer(end) - start + 1
            return place
        }
        let first = place
        guard let a = next(), let b = next(), let c = next(), let d = next(), let e = next(), let f = next() else {
            return nil
        }
        self.bytes = bytes
        starts = (first, a, b, c, d, e, f)
    }

    func isFound(by term: SearchTerm) -> Bool {
        bytes.withMemoryRebound(to: CChar.self) { bytes in
            bytes.baseAddress.map { term.isIn(lowered: $0 + starts.5) } ?? false
        }
    }

    var package: PackageSummary {
        let (version, taskType) = (text(starts.1, starts.2), text(starts.3, starts.4))
        return PackageSummary(
            name: text(starts.0, starts.1),
            version: version.isEmpty ? nil : version,
            kind: text(starts.2, starts.3),
            taskType: taskType.isEmpty ? nil : taskType,
            summary: text(starts.4, starts.5)
        )
    }

    /// From one start to the next, without the NUL between them.
    private func text(_ start: Int, _ next: Int) -> String { String(decoding: bytes[start..<next - 1], as: UTF8.self) }
}

extension StoreIndex.Package {
    /// What an install without a version would look at first.
    package var newest: StoreIndex.Version? {
        versions.first { $0.yanked == nil && !$0.version.isPrerelease } ?? versions.first
    }
}
