import PraximousPlugin

/// One question to the API, which takes its key in the URL: so no URL may be in a message or a log.
struct WeatherRequest {
    static let maxBodyBytes = 1 << 20
    private static let timeoutMilliseconds: UInt32 = 15_000

    let baseURL: String
    let isForecast: Bool
    let location: String
    let units: String
    let key: [UInt8]

    var encodedKey: String { Self.encoded(key) }

    var http: HTTPRequest {
        var base = Substring(baseURL)
        while base.last == "/" { base.removeLast() }
        let url =
            "\(base)/data/2.5/\(isForecast ? "forecast" : "weather")?q=\(Self.encoded(location.utf8))"
            + "&appid=\(encodedKey)&units=\(units)"
        var request = HTTPRequest("GET", url, headers: [(name: "Accept", value: "application/json")])
        request.timeoutMilliseconds = Self.timeoutMilliseconds
        return request
    }

    /// All but RFC 3986's unreserved characters as `%XX`: nothing can end the value of a query.
    private static func encoded(_ text: some Sequence<UInt8>) -> String {
        let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text {
            bytes +=
                plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
