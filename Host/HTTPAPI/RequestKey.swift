import Core
import Foundation
import HTTPTypes
import Hummingbird

extension Request {
    /// The API key a request shows.
    var presentedKey: Secret? {
        PresentedKey.key(apiKey: headers[.apiKey], authorization: headers[.authorization])
    }
}

enum PresentedKey {
    /// The key in one of its headers: `X-API-Key` (also the header of Anthropic's SDK), `Authorization: Bearer`, or, so
    /// that a browser can ask a person for it, the password of `Authorization: Basic`.
    static func key(apiKey: String?, authorization: String?) -> Secret? {
        if let apiKey, !apiKey.isEmpty { return Secret(apiKey) }
        guard let authorization else { return nil }
        if let token = authorization.value(ofScheme: "bearer") { return Secret(token) }
        guard let basic = authorization.value(ofScheme: "basic"), let data = Data(base64Encoded: basic),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let password = String(decoding: data[data.index(after: colon)...], as: UTF8.self)
        return password.isEmpty ? nil : Secret(password)
    }
}

extension String {
    fileprivate func value(ofScheme scheme: String) -> String? {
        guard let space = firstIndex(of: " "), self[..<space].lowercased() == scheme else { return nil }
        let value = self[index(after: space)...].drop { $0 == " " }
        return value.isEmpty ? nil : String(value)
    }
}
