package import Core

/// What speaks against the packages that are installed, as an index and the files tell.
package struct PackageAudit: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case revoked, modified, advisory, yanked, unsigned, deprecated
        case missingDependency = "missing_dependency"
        case unlisted, disabled, orphan
    }

    package struct Finding: Sendable, Hashable {
        package let name: PluginName
        package let version: SemanticVersion
        package let kind: Kind
        /// One sentence without its end.
        package let message: String
        package let fix: String?

        /// Whether somebody should act; a disabled package is only worth knowing.
        package var isProblem: Bool { kind != .disabled && kind != .orphan }
    }

    let layout: StoreLayout
    let policy: StorePolicy

    package init(layout: StoreLayout, policy: StorePolicy) {
        self.layout = layout
        self.policy = policy
    }

    /// `indexes`: those the packages came from; none where there are none to be had.
    package func findings(_ indexes: StoreIndexes) throws -> [Finding] {
        let receipts = try InstalledPackages(layout: layout).receipts()
        let marks = try MarkBook(layout: layout).all()
        let orphans = Set(try DependencyRule(layout: layout).orphans().map(\.name))
        return receipts.flatMap { receipt in
            var findings = local(
                receipt,
                marks[receipt.name] ?? PluginMarks(),
                isOrphan: orphans.contains(receipt.name)
            )
            if let reason = policy.revocation(of: receipt) ?? indexes.revocation(of: receipt) {
                let fix = "prax-host plugins upgrade \(receipt.name)"
                findings.append(
                    Finding(name: receipt.name, version: receipt.version, kind: .revoked, message: reason, fix: fix)
                )
            }
            if let index = indexes.origin(of: receipt) { findings += compare(receipt, with: index.index) }
            return findings.sorted { Self.rank($0.kind) < Self.rank($1.kind) }
        }
    }

    private static func rank(_ kind: Kind) -> Int { Kind.allCases.firstIndex(of: kind) ?? 0 }

    private func local(_ receipt: Receipt, _ marks: PluginMarks, isOrphan: Bool) -> [Finding] {
        func finding(_ kind: Kind, _ message: String, _ fix: String? = nil) -> Finding {
            Finding(name: receipt.name, version: receipt.version, kind: kind, message: message, fix: fix)
        }
        var findings: [Finding] = []
        if let reason = marks.revocation(of: receipt) {
            findings.append(
                finding(.revoked, "it is not served: \(reason)", "prax-host plugins upgrade \(receipt.name)")
            )
        }
        let problems = Verification(layout: layout, policy: policy).problems(of: receipt)
        if let first = problems.first {
            findings.append(finding(.modified, first, "prax-host plugins install --force \(receipt.name)"))
        }
        if receipt.key == nil || receipt.trust == .unsigned {
            findings.append(finding(.unsigned, "nobody whom this host trusts vouches for it"))
        }
        if let manifest = InstalledPackage.manifest(of: receipt, layout: layout) {
            do { try DependencyRule(layout: layout).checkChange(to: [manifest]) } catch {
                findings.append(finding(.missingDependency, (error as? RegistryError)?.message ?? "\(error)"))
            }
        }
        if !marks.isEnabled {
            findings.append(finding(.disabled, "it is disabled", "prax-host plugins enable \(receipt.name)"))
        }
        if isOrphan {
            findings.append(
                finding(.orphan, "no package needs it any more", "prax-host plugins remove \(receipt.name)")
            )
        }
        return findings
    }

    private func compare(_ receipt: Receipt, with index: StoreIndex) -> [Finding] {
        func finding(_ kind: Kind, _ message: String, _ fix: String? = nil) -> Finding {
            Finding(name: receipt.name, version: receipt.version, kind: kind, message: message, fix: fix)
        }
        let upgrade = "prax-host plugins upgrade \(receipt.name)"
        var findings: [Finding] = []
        guard let package = index.packages.first(where: { $0.name == receipt.name }),
            let version = package.versions.first(where: { $0.version == receipt.version })
        else {
            return findings + [finding(.unlisted, "the index does not list this version any more")]
        }
        if !version.artifacts.contains(where: { $0.digest == receipt.archiveDigest }) {
            findings.append(finding(.unlisted, "the index has another package under this version"))
        }
        if let advisory = version.advisory {
            let severity = advisory.severity.map { ", \($0)" } ?? ""
            let fixed = advisory.fixedIn.map { ", mended in \($0)" } ?? ""
            findings.append(finding(.advisory, "\(advisory.id)\(severity)\(fixed)", upgrade))
        }
        if let reason = version.yanked { findings.append(finding(.yanked, "it was taken back: \(reason)", upgrade)) }
        if let reason = package.deprecated { findings.append(finding(.deprecated, "it is deprecated: \(reason)")) }
        return findings
    }
}
