/// How long and how far one download may go.
package struct DownloadLimits: Sendable, Hashable {
    package var connectSeconds: Int
    /// The transfer ends when less than `minBytesPerSecond` arrived during this time: a server that drips is a dead one.
    package var idleSeconds: Int
    package var minBytesPerSecond: Int
    package var totalSeconds: Int
    package var maxRedirects: Int

    package init(
        connectSeconds: Int = 15,
        idleSeconds: Int = 20,
        minBytesPerSecond: Int = 64,
        totalSeconds: Int = 900,
        maxRedirects: Int = 5
    ) {
        self.connectSeconds = connectSeconds
        self.idleSeconds = idleSeconds
        self.minBytesPerSecond = minBytesPerSecond
        self.totalSeconds = totalSeconds
        self.maxRedirects = maxRedirects
    }
}

/// What the operator allows and how this machine reaches the outside.
///
/// Proxies need no member here: libcurl reads `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` by itself.
package struct DownloadPolicy: Sendable, Hashable {
    /// Plain http to any host; without it only to loopback.
    package var allowsPlainHTTP: Bool
    /// A PEM bundle of trusted authorities in place of the system's.
    package var authorityFile: String?
    package var limits: DownloadLimits

    package init(
        allowsPlainHTTP: Bool = false,
        authorityFile: String? = nil,
        limits: DownloadLimits = DownloadLimits()
    ) {
        self.allowsPlainHTTP = allowsPlainHTTP
        self.authorityFile = authorityFile
        self.limits = limits
    }

    /// The policy with the authorities that the usual variables name, in curl's order.
    package init(allowsPlainHTTP: Bool = false, environment: [String: String]) {
        let file = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self.init(allowsPlainHTTP: allowsPlainHTTP, authorityFile: file)
    }
}

/// How far a download is; `expectedBytes` is nil while the server has not said.
package struct DownloadProgress: Sendable, Hashable {
    package let receivedBytes: Int
    package let expectedBytes: Int?

    package init(receivedBytes: Int, expectedBytes: Int?) {
        self.receivedBytes = receivedBytes
        self.expectedBytes = expectedBytes
    }
}
