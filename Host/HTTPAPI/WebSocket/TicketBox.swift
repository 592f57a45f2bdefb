import Core
import Synchronization

/// One-time tickets: what a browser, which can set no header on a WebSocket, shows instead of its key.
///
/// A ticket is 256 random bits, good for 30 seconds and once. They are kept in memory: a restart voids them.
final class TicketBox: Sendable {
    static let lifeMilliseconds: UInt64 = 30_000
    /// More than this do not wait to be used.
    static let maxTickets = 10_000
    private static let prefix = "prax_ticket_"

    private struct Entry {
        let principal: Principal
        let expiresAt: UInt64
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Makes a ticket for this principal; nil when too many wait to be used.
    func issue(_ principal: Principal, now: UInt64) -> String? {
        let text = Self.prefix + (0..<4).map { _ in Self.digits(.random(in: .min ... .max)) }.joined()
        return entries.withLock { entries in
            if entries.count >= Self.maxTickets { entries = entries.filter { $0.value.expiresAt > now } }
            guard entries.count < Self.maxTickets else { return nil }
            entries[text] = Entry(principal: principal, expiresAt: now + Self.lifeMilliseconds)
            return text
        }
    }

    /// Whose ticket it is, this once.
    func take(_ text: String, now: UInt64) -> Principal? {
        entries.withLock { entries in
            guard let entry = entries.removeValue(forKey: text), entry.expiresAt > now else { return nil }
            return entry.principal
        }
    }

    static func isTicket(_ text: String) -> Bool { text.hasPrefix(prefix) }

    private static func digits(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
