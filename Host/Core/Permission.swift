/// One thing a plugin may do through the host, as its manifest asks for it and a person consents to it.
package enum Permission: Sendable, Hashable {
    /// HTTP to these hosts (`api.acme.example`, `*.acme.example`) with these methods, upper case.
    case networkHTTP(hosts: [String], methods: [String])
    /// Mail to recipients of these domains (`acme.example`, `*.acme.example`), through the operator's server.
    case networkSMTP(domains: [String])
    /// The plugin's own key-value store.
    case storageKV(quotaBytes: Int)
    /// A folder of its own.
    case storageDirectory(quotaBytes: Int)
    /// Calls to these other plugins; `*` in place of a name means every skill.
    case invokeSkills([String])
    /// Calls to models with these capabilities, such as `chat` or `embed`.
    case invokeModels(capabilities: [String], maxTokensPerCall: Int?)
    /// Programs of the machine, which no sandbox lets it start: it runs as `process`.
    case startPrograms

    /// The key of this permission in skill.yaml, and the word the index lists.
    package var kind: String {
        switch self {
        case .networkHTTP: "network.http"
        case .networkSMTP: "network.smtp"
        case .storageKV: "storage.kv"
        case .storageDirectory: "storage.dir"
        case .invokeSkills: "invoke.skills"
        case .invokeModels: "invoke.models"
        case .startPrograms: Self.programsKind
        }
    }

    /// The kind of ``startPrograms``.
    package static let programsKind = "process.spawn"

    /// Whether it opens what the sandbox keeps shut, so that whoever consents must not overlook it.
    package var isDangerous: Bool { self == .startPrograms }

    /// One stable word per grant, sorted, such as `network.http:api.acme.example`: what consent is recorded as and
    /// what an upgrade is compared by.
    ///
    /// Methods and quotas are grants of their own, so that a wider one shows.
    package var tokens: [String] {
        let details: [String] =
            switch self {
            case .networkHTTP(let hosts, let methods): hosts + methods.map { "method=\($0)" }
            case .networkSMTP(let domains): domains
            case .storageKV(let bytes), .storageDirectory(let bytes): ["quota=\(bytes)"]
            case .invokeSkills(let names): names
            case .invokeModels(let capabilities, let limit):
                capabilities + ["max_tokens=\(limit.map(String.init) ?? "any")"]
            case .startPrograms: ["any"]
            }
        return details.map { "\(kind):\($0)" }.sorted()
    }
}

extension Permission: CustomStringConvertible {
    /// The permission in words, for a consent screen.
    package var description: String {
        switch self {
        case .networkHTTP(let hosts, let methods):
            "Send \(methods.isEmpty ? "HTTP requests" : Self.list(methods) + " requests") to \(Self.list(hosts, any: "any host"))"
        case .networkSMTP(let domains): "Send mail to \(Self.list(domains, any: "anybody"))"
        case .storageKV(let bytes): "Keep up to \(Self.size(bytes)) in a key-value store of its own"
        case .storageDirectory(let bytes): "Keep up to \(Self.size(bytes)) of files in a folder of its own"
        case .invokeSkills(let names): "Call \(Self.list(names, any: "every other skill"))"
        case .invokeModels(let capabilities, let limit):
            "Use models for \(Self.list(capabilities, any: "anything"))"
                + (limit.map { ", up to \($0) tokens a call" } ?? ", without a limit of tokens")
        case .startPrograms: "Start programs; it runs without the sandbox, as the host's user"
        }
    }

    private static func list(_ words: [String], any: String = "*") -> String {
        if words.contains("*") { return any }
        guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func size(_ bytes: Int) -> String {
        if bytes >= 1 << 20, bytes % (1 << 20) == 0 { return "\(bytes >> 20) MiB" }
        if bytes >= 1 << 10, bytes % (1 << 10) == 0 { return "\(bytes >> 10) KiB" }
        return "\(bytes) bytes"
    }
}

extension [Permission] {
    /// Every grant of these permissions, sorted, each once.
    package var tokens: [String] { Set<String>(flatMap(\.tokens)).sorted() }

    /// What these permissions allow beyond those consented to before.
    package func tokens(beyond granted: [Permission]) -> [String] {
        let known = Set(granted.tokens)
        return tokens.filter { !known.contains($0) && !granted.coversQuota($0) }
    }

    /// A smaller quota or limit than the one granted asks for nothing new.
    private func coversQuota(_ token: String) -> Bool {
        guard let mark = token.lastIndex(of: "="), let wanted = Int(token[token.index(after: mark)...]) else {
            return tokens.contains { $0 == token }
        }
        let prefix = token[...mark]
        return tokens.contains { known in
            guard known.hasPrefix(prefix) else { return false }
            let limit = known.dropFirst(prefix.count)
            return limit == "any" || Int(limit).map { $0 >= wanted } ?? false
        }
    }
}
