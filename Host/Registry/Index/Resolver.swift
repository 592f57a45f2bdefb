package import Core

/// What was chosen from an index for a reference.
package struct Resolution: Sendable {
    package let package: StoreIndex.Package
    package let version: StoreIndex.Version
    package let artifact: StoreIndex.Artifact
    package let warnings: [String]
}

/// The machine packages are chosen for.
package struct HostPlatform: Sendable, Hashable {
    package var os: String
    package var arch: String
    package var hostVersion: SemanticVersion
    package var abiMajor: UInt32
    package var abiMinor: UInt32

    package init(os: String, arch: String, hostVersion: SemanticVersion, abiMajor: UInt32, abiMinor: UInt32) {
        self.os = os
        self.arch = arch
        self.hostVersion = hostVersion
        self.abiMajor = abiMajor
        self.abiMinor = abiMinor
    }

    package var name: String { "\(os)-\(arch)" }

    /// This build on this machine.
    package static var current: HostPlatform {
        #if arch(x86_64)
        let arch = "x86_64"
        #elseif arch(arm64)
        let arch = "aarch64"
        #else
        let arch = "unknown"
        #endif
        return HostPlatform(
            os: "linux",
            arch: arch,
            hostVersion: (try? SemanticVersion.parse(HostVersion.text)) ?? SemanticVersion(0, 0, 0),
            abiMajor: HostVersion.abiMajor,
            abiMinor: HostVersion.abiMinor
        )
    }

    /// Why something cannot run here, with both values; nil when it can.
    func refusal(of what: String, minHost: SemanticVersion?, abiMajor: UInt32, abiMinMinor: UInt32) -> String? {
        if abiMajor != self.abiMajor || abiMinMinor > self.abiMinor {
            return "\(what) needs plugin ABI \(abiMajor).\(abiMinMinor), this host offers \(self.abiMajor).\(abiMinor)"
        }
        if let minHost, hostVersion.hasLowerPrecedence(than: minHost) {
            return "\(what) needs host \(minHost), this is \(hostVersion)"
        }
        return nil
    }
}

/// Chooses the version of a package: the newest that fits the reference and this machine, and was not taken back.
package struct Resolver: Sendable {
    let index: StoreIndex
    let platform: HostPlatform

    package init(index: StoreIndex, platform: HostPlatform) {
        self.index = index
        self.platform = platform
    }

    package func package(for reference: PackageReference) throws -> StoreIndex.Package {
        if let found = try reference.choose(from: index.packages, name: \.name, taskType: \.taskType) { return found }
        throw RegistryError(
            .notFound,
            "package_not_found",
            "The index has no package \(reference.description.quotedForMessage()).",
            hint: "Look for it with `prax-host plugins search`."
        )
    }

    package func resolve(_ reference: PackageReference) throws -> Resolution {
        try candidates(for: reference)[0]
    }

    /// Every version that fits, the newest first; never empty, says what stands in the way instead.
    func candidates(for reference: PackageReference) throws -> [Resolution] {
        let package = try package(for: reference)
        let pinned = reference.pinnedVersion
        let candidates = package.versions.filter { candidate in
            guard let requirement = reference.requirement else { return !candidate.version.isPrerelease }
            return requirement.isSatisfied(by: candidate.version)
        }
        guard !candidates.isEmpty else { throw noVersion(package, reference) }
        var fitting: [Resolution] = []
        var firstRefusal: RegistryError?
        for candidate in candidates {
            if let reason = candidate.yanked, pinned?.hasSamePrecedence(as: candidate.version) != true {
                firstRefusal = firstRefusal ?? yanked(package, candidate, reason)
                continue
            }
            switch artifact(of: candidate, in: package) {
            case .success(let artifact):
                guard !index.revokedDigests.contains(artifact.digest) else {
                    firstRefusal = firstRefusal ?? revoked(package, candidate)
                    continue
                }
                fitting.append(resolution(candidate, artifact, of: package))
            case .failure(let error): firstRefusal = firstRefusal ?? error
            }
        }
        guard fitting.isEmpty else { return fitting }
        throw firstRefusal ?? noVersion(package, reference)
    }

    /// The versions that could be installed here for the sake of another package, or as an upgrade, the newest first;
    /// nil when the index has no such package.
    func usable(_ name: PluginName) -> [Resolution]? {
        guard let package = index.packages.first(where: { $0.name == name }) else { return nil }
        return package.versions.filter { $0.yanked == nil }.compactMap { version in
            guard case .success(let artifact) = artifact(of: version, in: package),
                !index.revokedDigests.contains(artifact.digest)
            else { return nil }
            return resolution(version, artifact, of: package)
        }
    }

    private func resolution(
        _ version: StoreIndex.Version,
        _ artifact: StoreIndex.Artifact,
        of package: StoreIndex.Package
    ) -> Resolution {
        let yanked = version.yanked.map { "\(package.name) \(version.version) was taken back: \($0)." }
        let deprecated = package.deprecated.map { "\(package.name) is deprecated: \($0)." }
        return Resolution(
            package: package,
            version: version,
            artifact: artifact,
            warnings: [yanked, deprecated].compactMap(\.self)
        )
    }

    private func artifact(
        of version: StoreIndex.Version,
        in package: StoreIndex.Package
    ) -> Result<StoreIndex.Artifact, RegistryError> {
        let what = "\(package.name) \(version.version)"
        if let reason = platform.refusal(
            of: what,
            minHost: version.minHost,
            abiMajor: version.abiMajor,
            abiMinMinor: version.abiMinMinor
        ) {
            return .failure(.incompatible(reason + ".", hint: newestFitting(package)))
        }
        guard let artifact = version.artifacts.first(where: { $0.platform == platform.name }) else {
            let offered = Set(version.artifacts.map(\.platform)).sorted().joined(separator: ", ")
            let sentence =
                "\(what) is built for \(offered.isEmpty ? "no known platform" : offered), this is \(platform.name)."
            return .failure(.incompatible(sentence))
        }
        return .success(artifact)
    }

    private func newestFitting(_ package: StoreIndex.Package) -> String? {
        let fitting = package.versions.first { version in
            version.yanked == nil && !version.version.isPrerelease
                && version.artifacts.contains {
                    $0.platform == platform.name && !index.revokedDigests.contains($0.digest)
                }
                && platform.refusal(
                    of: "",
                    minHost: version.minHost,
                    abiMajor: version.abiMajor,
                    abiMinMinor: version.abiMinMinor
                ) == nil
        }
        guard let fitting else { return "No version of it fits this host; update the host." }
        let command = "prax-host plugins install \(package.name)@\(fitting.version)"
        return "Newest version that fits: \(fitting.version) (\(command))."
    }

    private func noVersion(_ package: StoreIndex.Package, _ reference: PackageReference) -> RegistryError {
        let offered = package.versions.prefix(8).map(\.version.description).joined(separator: ", ")
        return RegistryError(
            .notFound,
            "version_not_found",
            "\(package.name) has no version \(reference.requirement?.description ?? "that is released").",
            hint: offered.isEmpty ? "The index offers none that this host can read." : "The index offers \(offered)."
        )
    }

    private func yanked(_ package: StoreIndex.Package, _ version: StoreIndex.Version, _ reason: String) -> RegistryError
    {
        RegistryError(
            .notFound,
            "version_yanked",
            "\(package.name) \(version.version) was taken back by its publisher: \(reason).",
            hint: "To install it all the same, pin it: \(package.name)@\(version.version)."
        )
    }

    private func revoked(_ package: StoreIndex.Package, _ version: StoreIndex.Version) -> RegistryError {
        RegistryError(
            .verificationFailed,
            "revoked",
            "\(package.name) \(version.version) was revoked by the store and is never installed.",
            hint: "Remove it where it is installed, and look for a newer version."
        )
    }
}
