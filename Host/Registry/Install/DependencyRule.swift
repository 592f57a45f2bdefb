import Core

/// What packages need of one another.
///
/// Nothing is fetched on its own: whoever installs names what is installed.
struct DependencyRule {
    let layout: StoreLayout

    /// Refuses a package whose required dependencies are not installed.
    func checkInstall(_ manifest: Manifest) throws {
        let receipts = try ReceiptBook(layout: layout).all()
        for dependency in manifest.dependencies where !dependency.isOptional {
            let found = receipts.first { $0.name == dependency.name }
            if let found, dependency.requirement.isSatisfied(by: found.version) { continue }
            let state = found.map { "installed is \($0.version)" } ?? "it is not installed"
            let wanted = "\(dependency.name)@\(dependency.requirement)"
            throw RegistryError(
                .conflict,
                "dependency_missing",
                "\(manifest.name) \(manifest.version) needs \(dependency.name) \(dependency.requirement); \(state).",
                hint: "Install it first: prax-host plugins install '\(wanted)'."
            )
        }
    }

    /// Refuses to remove a package that others need.
    func checkRemoval(of receipt: Receipt) throws {
        let dependents = try ReceiptBook(layout: layout).all().filter { other in
            let manifest = InstalledPackage.manifest(of: other, layout: layout)
            return manifest?.dependencies.contains { !$0.isOptional && $0.name == receipt.name } ?? false
        }
        guard !dependents.isEmpty else { return }
        let names = dependents.map(\.name.description).sorted().joined(separator: ", ")
        throw RegistryError(
            .conflict,
            "still_needed",
            "\(receipt.name) is needed by \(names).",
            hint: "Remove \(names) first."
        )
    }
}
