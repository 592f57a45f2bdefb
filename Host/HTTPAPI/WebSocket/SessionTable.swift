import Access
import Core
import Synchronization

/// The sessions of a host by their ids, those without a connection included.
final class SessionTable: Sendable {
    private let sessions = Mutex<[String: LiveSession]>([:])

    subscript(_ id: String) -> LiveSession? { sessions.withLock { $0[id] } }

    func add(_ session: LiveSession) { sessions.withLock { $0[session.id] = session } }

    func remove(_ id: String) { sessions.withLock { $0[id] = nil } }

    /// Tells each what time it is, and those whose key is not accepted any more.
    func tick(_ authenticator: Authenticator) {
        let all = sessions.withLock { Array($0.values) }
        // Each key once: thousands of sessions may have one.
        var isAccepted: [String: Bool] = [:]
        for session in all {
            session.tick()
            guard let keyID = session.principal?.keyID else { continue }
            let accepted = isAccepted[keyID] ?? authenticator.isAccepted(keyID: keyID)
            isAccepted[keyID] = accepted
            if !accepted { session.revoke() }
        }
    }
}
