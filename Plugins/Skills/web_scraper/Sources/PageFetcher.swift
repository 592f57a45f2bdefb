import PraximousPlugin

/// A page as it came, decoded.
struct Page {
    let text: String
    let isPlainText: Bool
}

/// Fetches a page and follows its redirects.
///
/// Each of them is a request of its own, so the host judges each target as it judged the first.
struct PageFetcher {
    private static let maxRedirects = 5
    private static let types: Set<String> = ["text/html", "application/xhtml+xml", "text/plain"]

    let call: Call
    let limits: PageLimits

    /// `asked` is what messages call the page.
    func fetch(_ address: PageAddress, asked: String) throws(SkillFailure) -> Page {
        let end = ContinuousClock.now + limits.timeout
        var address = address
        for _ in 0...Self.maxRedirects {
            let response = try answer(from: address, asked, until: end)
            guard [301, 302, 303, 307, 308].contains(response.status), let target = response.value("location") else {
                return try page(response, asked)
            }
            guard let next = address.redirected(to: target) else {
                throw .network(asked, "It redirects to something that is no http or https URL.", "bad_redirect")
            }
            guard address.scheme == "http" || next.scheme == "https" else {
                throw .network(asked, "It redirects from https to http.", "bad_redirect")
            }
            address = next
        }
        throw .network(asked, "It redirects more than \(Self.maxRedirects) times.", "too_many_redirects")
    }

    private func answer(
        from address: PageAddress,
        _ asked: String,
        until end: ContinuousClock.Instant
    ) throws(SkillFailure) -> HTTPResponse {
        var request = HTTPRequest(
            "GET",
            address.text,
            headers: [
                (name: "Accept", value: "text/html, application/xhtml+xml, text/plain"),
                (name: "Accept-Encoding", value: "identity"),
                (name: "User-Agent", value: "Praximous/\(WebScraper.identity.version) (web_scraper)"),
            ]
        )
        let left = (end - ContinuousClock.now).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
        request.timeoutMilliseconds = UInt32(clamping: max(1, milliseconds))
        do throws(SkillFailure) {
            return try call.fetch(request, maxBodyBytes: limits.maxBodyBytes)
        } catch {
            throw described(error, asked)
        }
    }

    /// The failure in the words of this skill; its kind stays, where it says something about the request.
    private func described(_ failure: SkillFailure, _ asked: String) -> SkillFailure {
        switch failure.status {
        case .cancelled: failure
        case .tooLarge: .api("The page at '\(asked)' is larger than \(limits.maxBodyBytes) bytes.", "page_too_large")
        case .invalid: SkillFailure("Input Error", details: "'url' cannot be read.", code: "invalid_url")
        case .unsupported: .network(asked, failure.message, failure.code, .unavailable)
        default: .network(asked, failure.message, failure.code, failure.status)
        }
    }

    private func page(_ response: HTTPResponse, _ asked: String) throws(SkillFailure) -> Page {
        guard 200...299 ~= response.status else {
            throw .api("Failed to fetch URL '\(asked)'. Status: \(response.status)", "upstream_status")
        }
        let type = MediaType(response.value("content-type") ?? "text/html")
        guard Self.types.contains(type.name) else {
            throw .api(
                "The page at '\(asked)' is of type '\(type.name.prefix(100))'; text/html, application/xhtml+xml and "
                    + "text/plain can be read.",
                "unsupported_type"
            )
        }
        if let encoding = response.value("content-encoding")?.lowercased(), encoding != "identity" {
            throw .api("The page at '\(asked)' came compressed, though nobody asked for that.", "unsupported_encoding")
        }
        let isPlainText = type.name == "text/plain"
        let label = type.charset ?? (isPlainText ? nil : Charset.label(inMetaOf: response.body)) ?? "utf-8"
        guard let charset = Charset(markOf: response.body) ?? Charset(label: label) else {
            throw .api(
                "The page at '\(asked)' is in '\(label.prefix(50))'; UTF-8, UTF-16, ISO-8859-1 and windows-1252 can be read.",
                "unsupported_charset"
            )
        }
        return Page(text: charset.text(of: response.body), isPlainText: isPlainText)
    }
}

extension SkillFailure {
    fileprivate static func api(_ details: String, _ code: String) -> SkillFailure {
        SkillFailure("API Error", details: details, status: .upstream, code: code)
    }

    fileprivate static func network(
        _ url: String,
        _ reason: String,
        _ code: String,
        _ status: Status = .upstream
    ) -> SkillFailure {
        SkillFailure(
            "Network Error",
            details: "Could not connect to URL '\(url)'. Error: \(reason)",
            status: status,
            code: code
        )
    }
}
