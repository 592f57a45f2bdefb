import Core

extension ManifestDecoder {
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let maxQuotaMB = 1_048_576

    /// `isolation` is what the manifest wishes for beside them.
    func decodePermissions(_ isolation: Manifest.IsolationWish) -> [Permission] {
        guard let permissions = root.mapping("permissions") else { return [] }
        defer { finish(permissions) }
        return [
            decodeHTTP(permissions),
            decodeMail(permissions),
            decodeQuota("storage.kv", of: permissions).map { .storageKV(quotaBytes: $0) },
            decodeQuota("storage.dir", of: permissions).map { .storageDirectory(quotaBytes: $0) },
            decodeSkills(permissions),
            decodeModels(permissions),
            decodePrograms(permissions, isolation),
        ].compactMap { $0 }
    }

    private func decodeHTTP(_ permissions: YAMLMapping) -> Permission? {
        guard let http = permissions.mapping("network.http") else { return nil }
        defer { finish(http) }
        let hosts = checked(http, "hosts", "a host such as api.acme.example or *.acme.example", Words.isHostPattern)
        let methods = checked(http, "methods", "a method such as GET", Self.methods.contains)
        guard !hosts.isEmpty else {
            if http.value("hosts") == nil { http.missing("hosts", "[api.acme.example]") }
            return nil
        }
        return .networkHTTP(hosts: hosts, methods: methods.isEmpty ? ["GET"] : methods)
    }

    private func decodeMail(_ permissions: YAMLMapping) -> Permission? {
        guard let mail = permissions.mapping("network.smtp") else { return nil }
        defer { finish(mail) }
        let domains = checked(mail, "domains", "a domain such as acme.example, *.acme.example or \"*\"") { domain in
            Words.isHostPattern(domain) && !domain.contains(":")
        }
        guard !domains.isEmpty else {
            if mail.value("domains") == nil { mail.missing("domains", "[acme.example]") }
            return nil
        }
        return .networkSMTP(domains: domains)
    }

    private func decodeQuota(_ key: String, of permissions: YAMLMapping) -> Int? {
        guard let storage = permissions.mapping(key) else { return nil }
        defer { finish(storage) }
        guard let megabytes = storage.int("quota_mb", in: 1...Self.maxQuotaMB) else {
            if storage.value("quota_mb") == nil { storage.missing("quota_mb", "64") }
            return nil
        }
        return megabytes << 20
    }

    private func decodeSkills(_ permissions: YAMLMapping) -> Permission? {
        let names = checked(permissions, "invoke.skills", "a name such as acme/ocr, or \"*\"") { name in
            name == "*" || (try? PluginName.parse(name)) != nil
        }
        return names.isEmpty ? nil : .invokeSkills(names)
    }

    private func decodeModels(_ permissions: YAMLMapping) -> Permission? {
        guard let models = permissions.mapping("invoke.models") else { return nil }
        defer { finish(models) }
        let capabilities = checked(models, "capabilities", "a word such as chat or embed", Words.isOperationName)
        let limit = models.int("max_tokens_per_call", in: 1...100_000_000)
        guard !capabilities.isEmpty else {
            if models.value("capabilities") == nil { models.missing("capabilities", "[chat]") }
            return nil
        }
        return .invokeModels(capabilities: capabilities, maxTokensPerCall: limit)
    }

    private func decodePrograms(_ permissions: YAMLMapping, _ isolation: Manifest.IsolationWish) -> Permission? {
        let key = Permission.programsKind
        guard permissions.bool(key) == true else { return nil }
        if let mode = isolation.mode, mode >= .sandbox {
            permissions.problem(
                "\(key) needs isolation mode process, found \(mode), where no program can be started; "
                    + "write mode: process, or leave one of the two out",
                atKey: key
            )
        }
        return .startPrograms
    }

    /// The texts of a list that pass; the others are reported.
    private func checked(
        _ mapping: YAMLMapping,
        _ key: String,
        _ expected: String,
        _ isValid: (String) -> Bool
    ) -> [String] {
        (mapping.list(key) ?? []).compactMap { node in
            guard let text = node.text(key, report) else { return nil }
            if isValid(text) { return text }
            report.problem("expected \(expected) in \(key), found \(text.quotedForMessage())", at: node)
            return nil
        }
    }
}
