import CCurl

/// libcurl's handles of ended transfers for the next ones: a new one costs more to make and to free than to set its
/// options.
///
/// Nothing of one transfer is left for the next: `curl_easy_reset` takes every option back, and what it keeps, the
/// connections and sessions, belongs to the loop in any case. For one loop's thread.
final class HandlePool {
    private static let maxSpare = 64
    private static let anyBufferBytes = 16 << 10

    private var spare: [UnsafeMutableRawPointer] = []

    deinit { for handle in spare { curl_easy_cleanup(handle) } }

    /// Nil when there is no memory.
    func take() -> UnsafeMutableRawPointer? { spare.popLast() ?? curl_easy_init() }

    /// Takes back a handle that no multi handle holds any more.
    func give(_ handle: UnsafeMutableRawPointer) {
        curl_easy_reset(handle)
        // One whose transfer failed early may hold a buffer still, and then takes no other size for it.
        let isUsable = prax_curl_set_long(handle, CURLOPT_BUFFERSIZE, Self.anyBufferBytes) == CURLE_OK
        guard isUsable, spare.count < Self.maxSpare else { return curl_easy_cleanup(handle) }
        spare.append(handle)
    }
}
