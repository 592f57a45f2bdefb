import Core
import PraximousJSON

@testable import Registry

/// What happens to packages after they were installed.
extension TestStore {
    func installer() -> Installer {
        let now = now
        return Installer(
            layout: layout,
            policy: policy,
            platform: platform,
            clock: WallClock { now * 1_000_000 },
            hooks: InstallHooks(checkLibrary: checkLibrary, step: step)
        )
    }

    /// Adds these versions of acme/hello, or of another package, and publishes.
    func release(
        _ versions: String...,
        of name: String = "acme/hello",
        extra: String = "",
        index: Int
    ) throws {
        for version in versions {
            var package = TestPackage()
            (package.name, package.version, package.extra) = (name, version, extra)
            package.taskType = name.split(separator: "/").last.map(String.init) ?? name
            try add(package)
        }
        try publish(version: index)
    }

    /// What was changed, and the sentences about what was not.
    func upgrade(
        _ references: [String]? = nil,
        pre: Bool = false,
        options: InstallOptions = InstallOptions()
    ) async throws -> (changed: [String], skipped: [String]) {
        var (changed, skipped): ([String], [String]) = ([], [])
        let selection = UpgradeSelection(
            references: try references?.map { try PackageReference($0) },
            includesPrereleases: pre
        )
        try await installer().upgrade(selection, options: options) { event in
            switch event {
            case .changed(let outcome):
                changed.append("\(outcome.receipt.name) \(outcome.change) \(outcome.receipt.version)")
            case .skipped(_, let sentence): skipped.append(sentence)
            }
        }
        return (changed, skipped)
    }

    func rollBack(_ name: String, to version: String? = nil, options: InstallOptions = InstallOptions()) async throws
        -> InstallOutcome
    {
        try await installer().rollBack(
            PackageReference(name),
            to: version.map { try SemanticVersion.parse($0) },
            options: options
        )
    }

    func mark(_ name: String, _ change: (inout PluginMarks) -> Void) throws {
        try MarkBook(layout: layout).changeLocked(PluginName.parse(name), change)
    }

    var receipts: [Receipt] { get throws { try InstalledPackages(layout: layout).receipts() } }
}
