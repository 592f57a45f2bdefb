/// The store of the Praximous project.
package enum OfficialStore {
    /// The owner that short names mean.
    package static let owner = "praximous"

    /// Signs the official index and first-party packages; the same as registry/keys/official.pub.
    package static let keyText = "OAe0kwIT/qgq3fJe7og7Gt3jZ7xHouglinV8gpnL9as="

    package static var key: PublicKey? { PublicKey(text: keyText) }
}
