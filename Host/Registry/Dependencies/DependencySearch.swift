import Core

/// The search of a ``DependencyResolver``: depth first, with a bound on its steps, and a memory of what went wrong.
struct DependencySearch {
    /// That `name` is needed, by whom, and along which chain.
    private struct Demand {
        let name: PluginName
        /// nil for what a person asked for.
        let requirement: VersionRequirement?
        let by: String
        /// From what was asked for to the one that demands.
        let path: [PluginName]

        func isSatisfied(by version: SemanticVersion) -> Bool { requirement?.isSatisfied(by: version) ?? true }
    }

    private typealias Chosen = [PluginName: DependencyResolver.Candidate]

    let resolver: DependencyResolver
    let wishes: [DependencyResolver.Wish]
    private(set) var stepsLeft: Int
    /// Of the branch that came furthest: the others failed for lesser reasons.
    private(set) var failure: RegistryError?
    private var failureDepth = -1

    init(resolver: DependencyResolver, wishes: [DependencyResolver.Wish], maxSteps: Int) {
        self.resolver = resolver
        self.wishes = wishes
        stepsLeft = maxSteps
    }

    mutating func run() throws -> [PluginName: DependencyResolver.Candidate]? {
        let demands = wishes.map { Demand(name: $0.name, requirement: nil, by: "you", path: []) }
        return try extend(demands.reversed(), [:], [:])
    }

    /// `agenda`: what is still to be looked at, the next one last; `known`: the demands met so far.
    private mutating func extend(
        _ agenda: [Demand],
        _ chosen: Chosen,
        _ known: [PluginName: [Demand]]
    ) throws -> Chosen? {
        var (agenda, known) = (agenda, known)
        while let demand = agenda.popLast() {
            try countStep()
            known[demand.name, default: []].append(demand)
            if let start = demand.path.firstIndex(of: demand.name) {
                let cycle = demand.path[start...].map(\.description) + [demand.name.description]
                fail("a cycle, \(cycle.joined(separator: " -> "))", at: chosen.count)
                return nil
            }
            if let choice = chosen[demand.name] {
                guard demand.isSatisfied(by: choice.version) else {
                    fail(conflict(over: demand.name, known, chosen), at: chosen.count)
                    return nil
                }
                continue
            }
            return try choose(for: demand, agenda, chosen, known)
        }
        return dependantsAgree(chosen) ? chosen : nil
    }

    private mutating func choose(
        for demand: Demand,
        _ agenda: [Demand],
        _ chosen: Chosen,
        _ known: [PluginName: [Demand]]
    ) throws -> Chosen? {
        guard chosen.count < DependencyResolver.maxPackages else {
            throw RegistryError.unsolvable("more than \(DependencyResolver.maxPackages) packages would be needed")
        }
        let name = demand.name
        let fitting = candidates(for: name).filter { candidate in
            (known[name] ?? []).allSatisfy { $0.isSatisfied(by: candidate.version) }
        }
        if fitting.isEmpty { fail(conflict(over: name, known, chosen), at: chosen.count) }
        for candidate in fitting {
            var next = chosen
            next[name] = candidate
            let more = candidate.dependencies.map { dependency in
                Demand(
                    name: dependency.name,
                    requirement: dependency.requirement,
                    by: "\(name) \(candidate.version)",
                    path: demand.path + [name]
                )
            }
            if let solution = try extend(agenda + more.reversed(), next, known) { return solution }
        }
        return nil
    }

    /// The best first: what was asked for as asked, else what is there, else the newest.
    private func candidates(for name: PluginName) -> [DependencyResolver.Candidate] {
        if let wish = wishes.first(where: { $0.name == name }) { return wish.candidates }
        let present = resolver.installed[name]
        if resolver.pinned.contains(name) { return present.map { [$0] } ?? [] }
        return (present.map { [$0] } ?? []) + (resolver.offered(name) ?? []).filter { $0.version != present?.version }
    }

    /// Whether those that are installed and stay as they are can live with the changes.
    private mutating func dependantsAgree(_ chosen: Chosen) -> Bool {
        for (name, installed) in resolver.installed.sorted(by: { $0.key < $1.key })
        where chosen[name] == nil || chosen[name]?.version == installed.version {
            for dependency in installed.dependencies {
                guard let new = chosen[dependency.name], new.version != resolver.installed[dependency.name]?.version,
                    !dependency.requirement.isSatisfied(by: new.version)
                else { continue }
                fail(
                    "\(name) \(installed.version), which is installed, wants \(dependency.name) "
                        + "\(dependency.requirement), and \(new.version) would be installed",
                    at: chosen.count
                )
                return false
            }
        }
        return true
    }

    private func conflict(over name: PluginName, _ known: [PluginName: [Demand]], _ chosen: Chosen) -> String {
        let wants = (known[name] ?? []).compactMap { demand in
            demand.requirement.map { "\(demand.by) wants \(name) \($0)" }
        }
        var parts = [wants.isEmpty ? "\(name) has no version that fits" : wants.joined(separator: ", ")]
        if let choice = chosen[name] {
            parts.append("and \(choice.version) was asked for")
        } else if resolver.pinned.contains(name), let present = resolver.installed[name] {
            parts.append("it is pinned at \(present.version)")
        } else if let offered = resolver.offered(name) {
            let versions = offered.prefix(8).map(\.version.description).joined(separator: ", ")
            parts.append(versions.isEmpty ? "none of its versions fits this host" : "the index offers \(versions)")
        } else {
            parts.append("which the index does not have")
        }
        return parts.joined(separator: "; ")
    }

    private mutating func fail(_ message: String, at depth: Int) {
        guard depth > failureDepth else { return }
        failureDepth = depth
        failure = .unsolvable(message)
    }

    private mutating func countStep() throws {
        stepsLeft -= 1
        guard stepsLeft > 0 else { throw RegistryError.unsolvable("they are too entangled to be resolved") }
    }
}
