extension ChatPipeline {
    /// Whether a provider would be found for this name: a route's, an entry's or a model's.
    package func serves(_ model: String) -> Bool {
        (try? providers.snapshot.resolution.resolve(model)) != nil
    }
}
