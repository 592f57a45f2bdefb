/// What models cost; the first entry that fits a provider and model counts.
package struct PriceTable: Sendable, Hashable {
    /// What becomes of a call whose model has no price.
    package enum UnknownPrice: String, Sendable, CaseIterable {
        /// It is served, and counts as free.
        case allow
        case deny
    }

    package struct Entry: Sendable, Hashable {
        package let model: ModelPattern
        /// The name of a provider entry; nil: any.
        package let provider: String?
        package let price: TokenPrice

        package init(model: ModelPattern, provider: String?, price: TokenPrice) {
            self.model = model
            self.provider = provider
            self.price = price
        }
    }

    /// Nil: denied to those who have a budget, allowed to others.
    package var unknown: UnknownPrice?
    package var entries: [Entry]

    package init(unknown: UnknownPrice? = nil, entries: [Entry] = []) {
        self.unknown = unknown
        self.entries = entries
    }

    package func price(provider: String, model: String) -> TokenPrice? {
        entries.first { entry in
            (entry.provider == nil || entry.provider == provider) && entry.model.matches(model)
        }?.price
    }

    package func denies(unknownPriceWithBudget hasBudget: Bool) -> Bool {
        unknown.map { $0 == .deny } ?? hasBudget
    }
}
