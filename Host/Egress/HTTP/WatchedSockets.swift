import CCurl
import Glibc

/// What epoll is to tell of each socket of a loop.
///
/// A connection stays known to epoll between two transfers: its next one mostly waits for the same, and each change is a
/// system call. What epoll tells of one that nobody waits for makes it forgotten. For one loop's thread.
final class WatchedSockets {
    private struct Watch {
        /// What epoll tells.
        var told: UInt32
        /// What libcurl wants to hear; 0 for nothing.
        var wanted: UInt32
    }

    private let poll: Int32
    private var watches: [Int32: Watch] = [:]
    /// Those of connections, which are known from their beginning to their end.
    private var connections: Set<Int32> = []

    init(poll: Int32) { self.poll = poll }

    /// A connection's socket was made.
    func opened(_ socket: Int32) {
        watches[socket] = nil
        connections.insert(socket)
    }

    /// A connection's socket is about to be closed, which takes it from epoll, too.
    private func closes(_ socket: Int32) {
        watches[socket] = nil
        connections.remove(socket)
    }

    /// Closes a connection's socket for libcurl (CURLOPT_CLOSESOCKETFUNCTION).
    static let close: @convention(c) (UnsafeMutableRawPointer?, curl_socket_t) -> Int32 = { context, socket in
        if let context { Unmanaged<WatchedSockets>.fromOpaque(context).takeUnretainedValue().closes(socket) }
        return Glibc.close(socket)
    }

    /// What libcurl wants to hear of a socket from now on.
    func want(_ events: UInt32, of socket: Int32) {
        guard events != 0 else { return unwatch(socket) }
        if watches[socket]?.told != events {
            var event = epoll_event(events: events, data: epoll_data_t(fd: socket))
            if epoll_ctl(poll, EPOLL_CTL_MOD, socket, &event) != 0 { epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event) }
        }
        watches[socket] = Watch(told: events, wanted: events)
    }

    /// Whether libcurl wants to hear of an event of a socket.
    func isWanted(_ socket: Int32) -> Bool {
        guard let watch = watches[socket] else { return false }
        if watch.wanted != 0 { return true }
        forget(socket)
        return false
    }

    private func unwatch(_ socket: Int32) {
        guard connections.contains(socket) else { return forget(socket) }
        watches[socket]?.wanted = 0
    }

    private func forget(_ socket: Int32) {
        watches[socket] = nil
        epoll_ctl(poll, EPOLL_CTL_DEL, socket, nil)
    }
}
