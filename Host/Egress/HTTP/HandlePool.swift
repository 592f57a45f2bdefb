import CCurl

/// libcurl's handles of ended transfers for the next ones: a new handle allocates and frees its buffers, which costs
/// more than setting its options.
///
/// Nothing of one transfer is left for the next: `curl_easy_reset` takes every option back, and what it keeps, the
/// connections and sessions, belongs to the loop in any case. For one loop's thread.
final class HandlePool {
    private static let maxSpare = 64

    private var spare: [UnsafeMutableRawPointer] = []

    deinit { for handle in spare { curl_easy_cleanup(handle) } }

    /// Nil when there is no memory.
    func take() -> UnsafeMutableRawPointer? { spare.popLast() ?? curl_easy_init() }

    /// Takes back a handle that no multi handle holds any more.
    func give(_ handle: UnsafeMutableRawPointer) {
        guard spare.count < Self.maxSpare else { return curl_easy_cleanup(handle) }
        curl_easy_reset(handle)
        spare.append(handle)
    }
}
