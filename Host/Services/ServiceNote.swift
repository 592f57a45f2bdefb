/// What the operator should hear about a plugin's requests to the host; without values, in one line.
package enum ServiceNote: Sendable, Hashable {
    /// A permission was missing for `what`, such as `storage.kv` or `invoke.skills "acme/ocr"`; once for each attempt.
    case denied(what: String)
    /// The plugins' database failed.
    case storeFailed(reason: String)
}
