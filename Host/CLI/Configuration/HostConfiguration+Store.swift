import Core
import Egress
import Manifests
import Registry

extension HostConfiguration {
    /// Reads the section `store:`.
    mutating func readStore(_ section: YAMLMapping) throws {
        store.index = section.string("index") ?? store.index
        store.keys = try StorePolicy.keys(section.strings("keys") ?? [])
        store.allowsUnsigned = section.bool("allow_unsigned") ?? store.allowsUnsigned
        store.download.allowsPlainHTTP = section.bool("allow_http") ?? store.download.allowsPlainHTTP
        store.download.limits.read(section)
        store.maxAgeDays = section.int("max_age_days", in: 1...3650)
        if let rules = section.mapping("rules") { readRules(rules) }
        section.finish()
    }

    private mutating func readRules(_ section: YAMLMapping) {
        store.rules.require = section.word("require", StoreRules.Requirement.self) ?? store.rules.require
        store.rules.allowsInProcess = section.bool("inproc") ?? store.rules.allowsInProcess
        let (allowedOwners, deniedOwners) = Self.lists(section, "owners")
        store.rules.allowedOwners = allowedOwners
        store.rules.deniedOwners = deniedOwners ?? []
        let (allowedPermissions, deniedPermissions) = Self.lists(section, "permissions")
        store.rules.allowedPermissions = allowedPermissions
        store.rules.deniedPermissions = deniedPermissions ?? []
        section.finish()
    }

    /// Reads `{ allow: [...], deny: [...] }`; nil is what is not there.
    private static func lists(_ section: YAMLMapping, _ key: String) -> (allow: Set<String>?, deny: Set<String>?) {
        guard let lists = section.mapping(key) else { return (nil, nil) }
        defer { lists.finish() }
        return (lists.strings("allow").map(Set.init), lists.strings("deny").map(Set.init))
    }
}

extension DownloadLimits {
    /// `connect_timeout`, `idle_timeout`, `timeout` and `min_bytes_per_second` of a section.
    fileprivate mutating func read(_ section: YAMLMapping) {
        func seconds(_ key: String, upTo limit: Int, _ current: Int) -> Int {
            section.duration(key, in: .seconds(1)...(.seconds(limit))).map { Int($0.components.seconds) } ?? current
        }
        connectSeconds = seconds("connect_timeout", upTo: 300, connectSeconds)
        idleSeconds = seconds("idle_timeout", upTo: 600, idleSeconds)
        totalSeconds = seconds("timeout", upTo: 86_400, totalSeconds)
        minBytesPerSecond = section.int("min_bytes_per_second", in: 1...(1 << 30)) ?? minBytesPerSecond
    }
}
