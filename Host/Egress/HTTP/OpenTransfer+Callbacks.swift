import CCurl
import Glibc

/// What libcurl calls while a transfer runs.
extension OpenTransfer {
    func connectCallbacks(of handle: UnsafeMutableRawPointer) -> Bool {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let socketContext = sockets.map { Unmanaged.passUnretained($0).toOpaque() }
        let contexts = [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA,
        ]
        return prax_curl_set_write(handle, CURLOPT_WRITEFUNCTION, Self.takePiece) == CURLE_OK
            && prax_curl_set_write(handle, CURLOPT_HEADERFUNCTION, Self.takeLine) == CURLE_OK
            && prax_curl_set_open_socket(handle, Self.openSocket) == CURLE_OK
            && prax_curl_set_close_socket(handle, WatchedSockets.close) == CURLE_OK
            && prax_curl_set_pointer(handle, CURLOPT_CLOSESOCKETDATA, socketContext) == CURLE_OK
            && prax_curl_set_prereq(handle, Self.checkConnection) == CURLE_OK
            && contexts.allSatisfy { prax_curl_set_pointer(handle, $0, context) == CURLE_OK }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> OpenTransfer? {
        context.map { Unmanaged<OpenTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let takePiece:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes,
            size,
            count,
            context in
            of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }

    private static let takeLine:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
            bytes,
            size,
            count,
            context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return of(context)?.receiveLine(line) == true ? line.count : 0
        }

    /// Sees every address that is about to be connected to, after the name was resolved: the answer cannot change
    /// between the check and the use.
    private static let openSocket:
        @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?)
            -> curl_socket_t = { context, _, target in
                guard let transfer = of(context), let target else { return CURL_SOCKET_BAD }
                transfer.isResolved = true
                guard !transfer.hasEnded else { return CURL_SOCKET_BAD }
                guard transfer.mayUse(target.scope) else {
                    transfer.isAddressRefused = true
                    return CURL_SOCKET_BAD
                }
                let socket = target.openSocket()
                if socket >= 0 { transfer.sockets?.opened(socket) }
                return socket
            }

    /// Sees the connection before the request goes over it: one that another owner has opened may be used again, and
    /// may lead to where this owner must not go.
    private static let checkConnection:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?, Int32, Int32
        ) -> Int32 = { context, address, _, _, _ in
            guard let transfer = of(context), !transfer.hasEnded, let address else { return CURL_PREREQFUNC_ABORT }
            transfer.isResolved = true
            guard transfer.mayUse(AddressScope(host: String(cString: address))) else {
                transfer.refusal = transfer.internalAddress
                return CURL_PREREQFUNC_ABORT
            }
            transfer.clock.isConnected()
            return CURL_PREREQFUNC_OK
        }

    /// A proxy is the operator's own, wherever it lies.
    private func mayUse(_ scope: AddressScope?) -> Bool {
        usesProxy || policy.mayConnect(to: scope, for: request.address)
    }
}
