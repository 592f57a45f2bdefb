package import Core

/// What a person names a package by: `weather`, `json_query`, `acme/weather`, with `@1.2.3` or `@^1.2` behind it and the
/// name of an index before it, such as `corp:acme/weather`; a file, a URL, or the hash of a file in the cache.
package struct PackageReference: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        case full(PluginName)
        /// As typed; an owner is not given.
        case short(String)
        case file(path: String)
        /// `sha256:HEX`, in the cache.
        case digest(SHA256Digest)
        /// `https://…`, which is not an index.
        case url(String)
    }

    package let subject: Subject
    /// The index it is to come from, when one was named.
    package let index: String?
    package let requirement: VersionRequirement?

    package init(_ text: String) throws {
        func refused(_ reason: String, _ exitCode: ExitCode = .usage) -> RegistryError {
            RegistryError(
                exitCode,
                "reference_malformed",
                "\(text.quotedForMessage()) names no package: \(reason).",
                hint: "Examples: weather, acme/weather, acme/weather@1.2.3, acme/weather@^1.2, ./weather.tar.gz."
            )
        }
        if text.hasPrefix("sha256:") {
            guard let digest = SHA256Digest(hex: String(text.dropFirst("sha256:".count))) else {
                throw refused("a SHA-256 has 64 hexadecimal digits, in lower case")
            }
            (subject, index, requirement) = (.digest(digest), nil, nil)
            return
        }
        if text.contains("://") {
            (subject, index, requirement) = (.url(text), nil, nil)
            return
        }
        let isFile =
            text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("/")
            || [".tar.gz", ".tgz", ".tar.zst"].contains { text.hasSuffix($0) }
        if isFile {
            subject = .file(path: text)
            index = nil
            requirement = nil
            return
        }
        let prefix = text.firstIndex(of: ":").map { String(text[..<$0]) }
        if let prefix, prefix != IndexEntry.defaultName, !IndexEntry.isName(prefix) {
            throw refused("what stands before the colon is no name of an index")
        }
        index = prefix
        let rest = prefix.map { String(text.dropFirst($0.count + 1)) } ?? text
        let parts = rest.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        do {
            requirement = parts.count == 2 ? try VersionRequirement.parse(String(parts[1])) : nil
        } catch { throw refused("\(error)") }
        let name = String(parts.first ?? "").replacing("_", with: "-")
        do {
            if name.contains("/") {
                subject = .full(try PluginName.parse(name))
            } else {
                // Checked as a name of the official store; it need not be there.
                subject = .short(try PluginName.parse("\(OfficialStore.owner)/\(name)").name)
            }
            // A name that no package may have is one that no index has, whatever it lists.
        } catch { throw refused("\(error)", .notFound) }
    }

    private init(subject: Subject, index: String?, requirement: VersionRequirement?) {
        (self.subject, self.index, self.requirement) = (subject, index, requirement)
    }

    /// The same package, in whatever version.
    var withoutRequirement: PackageReference { PackageReference(subject: subject, index: index, requirement: nil) }

    /// One version of one package.
    package init(_ name: PluginName, exactly version: SemanticVersion) {
        // A version is a requirement of that version.
        self.init(subject: .full(name), index: nil, requirement: try? VersionRequirement.parse("=\(version)"))
    }

    /// The exact version, when the reference names one: `@1.2.3` or `@=1.2.3`.
    var pinnedVersion: SemanticVersion? {
        guard let text = requirement?.description else { return nil }
        return try? SemanticVersion.parse(text.hasPrefix("=") ? String(text.dropFirst()) : text)
    }

    /// The one of `candidates` that is meant: its full name, its short name under the official owner, its task type, or
    /// the short name of a single other owner.
    ///
    /// Two owners with one name are an error, never "first wins".
    func choose<Candidate>(
        from candidates: [Candidate],
        name: (Candidate) -> PluginName,
        taskType: (Candidate) -> String?
    ) throws -> Candidate? {
        switch subject {
        case .file, .digest, .url: return nil
        case .full(let full): return candidates.first { name($0) == full }
        case .short(let short):
            let official = candidates.first { name($0).owner == OfficialStore.owner && name($0).name == short }
            if let official { return official }
            let task = short.replacing("-", with: "_")
            let matches = candidates.filter { name($0).name == short || taskType($0) == task }
            guard matches.count <= 1 else {
                let names = matches.map { name($0).description }.sorted().joined(separator: ", ")
                throw RegistryError(
                    .usage,
                    "reference_ambiguous",
                    "\(short.quotedForMessage()) could be \(names).",
                    hint: "Give the full name."
                )
            }
            return matches.first
        }
    }

    package var description: String {
        let name =
            switch subject {
            case .full(let name): name.description
            case .short(let name): name
            case .file(let path): path
            case .digest(let digest): "sha256:\(digest.hex)"
            case .url(let address): address
            }
        return (index.map { "\($0):" } ?? "") + name + (requirement.map { "@\($0)" } ?? "")
    }
}
