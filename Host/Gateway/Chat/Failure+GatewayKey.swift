package import Core
import PraximousJSON

extension Failure {
    /// The same, unless a provider refused the gateway's own key: then it says so, and nothing that the vendor said,
    /// who may quote the key.
    ///
    /// The caller can do nothing about it, whose own key is another one.
    package func named(_ provider: String) -> Failure {
        guard ["upstream_auth", "upstream_denied"].contains(code) else { return self }
        var details = details?.objectValue ?? [:]
        if var error = details["error"]?.objectValue {
            (error["message"], error["param"]) = (nil, nil)
            details["error"] = .object(error)
        }
        return Failure(
            kind,
            code: code,
            message: "The provider \(provider.quotedForMessage()) refused the gateway's key; "
                + "the operator must look at its entry in config/providers.yaml.",
            hint: "Your own key is right.",
            details: .object(details)
        )
    }
}
