package import PraximousJSON
package import PraximousPlugin

/// What every provider that asks a server is told by its operator.
package struct UpstreamSettings: Sendable {
    package let address: UpstreamAddress
    /// The model asked when a request names none.
    package let model: String
    /// The key; empty when there is none.
    package let key: String
    /// Headers beside those of the vendor's own API.
    package let headers: [(name: String, value: String)]
    /// The whole configuration.
    package let config: JSON

    /// Throws when the address is none, in a sentence for the operator.
    package init(_ host: PluginHost, defaultAddress: String) throws(SkillFailure) {
        config = host.config() ?? [:]
        let text = config["base_url"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? defaultAddress
        guard let address = UpstreamAddress(text) else {
            throw SkillFailure("base_url: expected an http or https URL, found \(text.quoted).", code: "bad_config")
        }
        self.address = address
        model = config["model"]?.stringValue ?? ""
        key = host.secret("api_key").map { String(decoding: $0, as: UTF8.self) } ?? ""
        headers = (config["headers"]?.objectValue ?? [:]).compactMap { header in
            header.value.stringValue.map { (header.key, $0) }
        }
    }

    /// A request with a JSON body, or without a body.
    package func request(
        _ method: String,
        _ url: String,
        _ headers: [(name: String, value: String)],
        _ body: [UInt8] = []
    ) -> HTTPRequest {
        let own = Set(self.headers.map { $0.name.lowercased() })
        var all = headers.filter { !own.contains($0.name.lowercased()) } + self.headers
        if !body.isEmpty { all.append(("Content-Type", "application/json")) }
        return HTTPRequest(method, url, headers: all, body: body)
    }
}
