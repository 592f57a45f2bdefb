import CCurl

/// A request in libcurl's options.
struct TransferOptions {
    /// libcurl's smallest for what it sends.
    private static let sendBufferBytes = 16 << 10
    private static let receiveBufferBytes = 16 << 10
    /// A paused transfer may hold one buffer's worth of decoded bytes, up to a thousand times its size.
    private static let decodingBufferBytes = 4 << 10
    /// How long an address that was looked up holds.
    private static let addressSeconds = 5
    private static let userAgent = "prax-host"

    let request: HTTPRequest
    let limits: HTTPLimits
    let settings: PumpSettings
    let proxy: String?

    /// `fieldList` must live as long as the handle.
    func apply(to handle: UnsafeMutableRawPointer, fieldList: inout UnsafeMutablePointer<curl_slist>?) -> Bool {
        for (option, number) in numbers where prax_curl_set_long(handle, option, number) != CURLE_OK { return false }
        for case (let option, let text?) in texts where prax_curl_set_string(handle, option, text) != CURLE_OK {
            return false
        }
        guard applyMethod(to: handle) else { return false }
        for line in fieldLines {
            guard let longer = curl_slist_append(fieldList, line) else { return false }
            fieldList = longer
        }
        return prax_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fieldList) == CURLE_OK
    }

    private var numbers: [(CURLoption, Int)] {
        [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_TCP_NODELAY, 1), (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)), (CURLOPT_HTTP09_ALLOWED, 0),
            (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, max(1, limits.connectMilliseconds)),
            // A server that moves is followed; asking costs each of its new connections little.
            (CURLOPT_DNS_CACHE_TIMEOUT, Self.addressSeconds),
            // Without it the thread would wait for a look-up that nobody needs any more.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_BUFFERSIZE, request.decodesBody ? Self.decodingBufferBytes : Self.receiveBufferBytes),
            (CURLOPT_UPLOAD_BUFFERSIZE, Self.sendBufferBytes),
        ]
    }

    private var texts: [(CURLoption, String?)] {
        [
            (CURLOPT_URL, request.address.text), (CURLOPT_PROTOCOLS_STR, "http,https"),
            // Empty and not absent: libcurl would look into the environment.
            (CURLOPT_PROXY, proxy ?? ""), (CURLOPT_NOPROXY, ""), (CURLOPT_CAINFO, settings.authorityFile),
            (CURLOPT_USERAGENT, Self.userAgent), (CURLOPT_ACCEPT_ENCODING, request.decodesBody ? "" : nil),
        ]
    }

    private func applyMethod(to handle: UnsafeMutableRawPointer) -> Bool {
        if request.method == "HEAD" { return prax_curl_set_long(handle, CURLOPT_NOBODY, 1) == CURLE_OK }
        guard !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) else {
            return prax_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method) == CURLE_OK
        }
        // The size first: libcurl copies that many bytes.
        return prax_curl_set_long(handle, CURLOPT_POST, 1) == CURLE_OK
            && prax_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)) == CURLE_OK
            && request.body.withUnsafeBytes { bytes in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                return bytes.isEmpty
                    ? prax_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "") == CURLE_OK
                    : prax_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start) == CURLE_OK
            }
            && prax_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method) == CURLE_OK
    }

    private var fieldLines: [String] {
        // In libcurl's language `Name:` leaves a field out that it would add, and `Name;` sends an empty one.
        var lines = ["Expect:"]
        if !request.fields.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for field in request.fields {
            let isEmpty = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isEmpty ? field.name + ";" : field.name + ": " + field.value)
        }
        return lines
    }
}
