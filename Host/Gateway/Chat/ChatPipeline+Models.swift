package import Core

extension ChatPipeline {
    /// What a principal may send as `model`: the routes, then the models in the order of the file.
    package func models(for principal: Principal) -> [ModelDescription] {
        let resolution = providers.snapshot.resolution
        var found: [ModelDescription] = []
        for route in resolution.routes {
            guard let first = route.targets.first else { continue }
            found.append(ModelDescription(id: route.name, kind: .route, provider: first.provider))
        }
        for entry in resolution.entries {
            let names = [entry.model] + entry.models.filter(\.isExact).map(\.description)
            found += names.map { ModelDescription(id: $0, kind: .model, provider: entry.name) }
        }
        var seen: Set<String> = []
        return found.filter { principal.mayInvoke(model: $0.id) && seen.insert($0.id).inserted }
    }
}
