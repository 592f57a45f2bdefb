/// Something a client may send as `model`.
package struct ModelDescription: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case route, model
    }

    package let id: String
    package let kind: Kind
    /// The entry that serves it first.
    package let provider: String

    package init(id: String, kind: Kind, provider: String) {
        self.id = id
        self.kind = kind
        self.provider = provider
    }
}
