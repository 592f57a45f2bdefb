package import Core

/// Chooses a set of packages in which everybody has what they need.
///
/// Pure: it sees versions and what they depend on, no files and no network. A package that is installed and will do is
/// kept; of the others the newest that fits is taken, and an older one where that leads nowhere. Optional dependencies
/// are left to people.
package struct DependencyResolver: Sendable {
    /// One version and what it needs.
    package struct Candidate: Sendable, Hashable {
        package let version: SemanticVersion
        package let dependencies: [Manifest.Dependency]

        package init(_ version: SemanticVersion, needs dependencies: [Manifest.Dependency] = []) {
            self.version = version
            self.dependencies = dependencies.filter { !$0.isOptional }
        }
    }

    /// A package that somebody asked for, with the versions that will do, the best first.
    package struct Wish: Sendable {
        package let name: PluginName
        package let candidates: [Candidate]

        package init(_ name: PluginName, _ candidates: [Candidate]) {
            self.name = name
            self.candidates = candidates
        }
    }

    /// One package of the set.
    package struct Choice: Sendable, Hashable {
        package let name: PluginName
        package let candidate: Candidate

        package var version: SemanticVersion { candidate.version }
    }

    package static let maxPackages = 256
    private static let maxSteps = 50_000

    /// What is installed now.
    let installed: [PluginName: Candidate]
    /// Those of them that must stay as they are.
    let pinned: Set<PluginName>
    /// The versions of a package that this host could install, the newest first; nil when the index has no such package.
    let offered: @Sendable (PluginName) -> [Candidate]?

    package init(
        installed: [PluginName: Candidate],
        pinned: Set<PluginName> = [],
        offered: @escaping @Sendable (PluginName) -> [Candidate]?
    ) {
        self.installed = installed
        self.pinned = pinned
        self.offered = offered
    }

    /// The wished-for packages and all that they need, each after what it needs itself.
    ///
    /// Throws a conflict that says who wants what.
    package func solve(_ wishes: [Wish]) throws -> [Choice] {
        var search = DependencySearch(resolver: self, wishes: wishes, maxSteps: Self.maxSteps)
        guard let chosen = try search.run() else {
            throw search.failure ?? .unsolvable("what was asked for cannot be installed together")
        }
        return Self.ordered(chosen, wishes.map(\.name))
    }

    /// Depth first from the wishes, in their order; there are no cycles any more.
    private static func ordered(_ chosen: [PluginName: Candidate], _ wishes: [PluginName]) -> [Choice] {
        var order: [Choice] = []
        var seen: Set<PluginName> = []
        func visit(_ name: PluginName) {
            guard let candidate = chosen[name], seen.insert(name).inserted else { return }
            for dependency in candidate.dependencies { visit(dependency.name) }
            order.append(Choice(name: name, candidate: candidate))
        }
        for name in wishes { visit(name) }
        return order
    }
}

extension RegistryError {
    static func unsolvable(_ message: String) -> RegistryError {
        RegistryError(
            .conflict,
            "dependency_conflict",
            "The dependencies cannot be satisfied: \(message).",
            hint: "Choose other versions with @, or remove what stands in the way."
        )
    }
}
