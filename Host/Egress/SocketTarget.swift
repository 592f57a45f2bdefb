import CCurl
import Glibc

/// What libcurl is about to connect to (CURLOPT_OPENSOCKETFUNCTION).
extension UnsafeMutablePointer where Pointee == curl_sockaddr {
    /// Where the address lies; nil when it is of no family that is known.
    var scope: AddressScope? {
        // The struct is declared with the shortest address; an IPv6 one runs past its end.
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let address = UnsafeRawPointer(self).advanced(by: offset).assumingMemoryBound(to: sockaddr.self)
        return AddressScope(address, length: Int(pointee.addrlen))
    }

    /// The socket for it, closed on exec; -1 when there is none to be had.
    func openSocket() -> curl_socket_t {
        socket(pointee.family, pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), pointee.protocol)
    }
}
