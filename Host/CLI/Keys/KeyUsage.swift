import Access
import Core
import Foundation
import PraximousJSON
import Storage

/// The limits of an installation with what was spent, as the lists show them.
struct KeyUsage {
    let table: LimitTable
    private let ledger: Ledger?

    init(_ ring: KeyRing, _ root: InstallationRoot) throws {
        table = try ring.limits()
        // Made by the first host that serves.
        ledger =
            FileManager.default.fileExists(atPath: root.ledgerDatabase) ? try Ledger(path: root.ledgerDatabase) : nil
    }

    func limits(of key: APIKeyRecord) -> UsageLimits { table.limits[table.account(ofKey: key.id)] ?? .none }

    /// In the present period of the subject's budget; nil without one.
    func spent(_ subject: LimitSubject) throws -> Int64? {
        guard let budget = table.limits[subject]?.budget else { return nil }
        let account = LedgerAccount(subject: subject, period: budget.period, at: WallClock.system.now())
        return try ledger?.spent(of: account) ?? 0
    }

    func json(_ key: APIKeyRecord) throws -> JSON {
        var object = KeyListing.json(key).objectValue ?? JSONObject()
        object["user"] = key.user.map(JSON.string) ?? .null
        object["team"] = key.team.map(JSON.string) ?? .null
        object["limits"] = try json(table.account(ofKey: key.id))
        return .object(object)
    }

    func json(_ subject: LimitSubject) throws -> JSON {
        let limits = table.limits[subject] ?? .none
        return [
            "requests_per_minute": limits.requestsPerMinute.map(JSON.integer) ?? .null,
            "tokens_per_minute": limits.tokensPerMinute.map(JSON.integer) ?? .null,
            "max_concurrent": limits.maxConcurrent.map(JSON.integer) ?? .null,
            "budget": limits.budget.map { .string($0.text) } ?? .null,
            "spent_usd": try spent(subject).map { .string(USDAmount.text($0)) } ?? .null,
        ]
    }

    func text(_ key: APIKeyRecord) throws -> String {
        var words = [try text(table.account(ofKey: key.id))]
        if let user = key.user { words.append("user \(user)") }
        if let team = key.team { words.append("team \(team)") }
        return words.joined(separator: ", ")
    }

    /// Such as `60 rpm, 1.20 of 25.00/month`.
    func text(_ subject: LimitSubject) throws -> String {
        let limits = table.limits[subject] ?? .none
        var words: [String] = []
        if let count = limits.requestsPerMinute { words.append("\(count) rpm") }
        if let count = limits.tokensPerMinute { words.append("\(count) tpm") }
        if let count = limits.maxConcurrent { words.append("\(count) at once") }
        if let budget = limits.budget, let spent = try spent(subject) {
            words.append("\(USDAmount.text(spent)) of \(budget.text)")
        }
        return words.isEmpty ? "no limits" : words.joined(separator: ", ")
    }
}
