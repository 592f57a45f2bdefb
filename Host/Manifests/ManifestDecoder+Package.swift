import Core

/// What the manifest says about the package: who made it, where its library lies, what it needs.
extension ManifestDecoder {
    func decodeAuthor() -> Manifest.Author? {
        guard let author = root.mapping("author") else { return nil }
        defer { finish(author) }
        let (email, url) = (author.string("email"), author.string("url"))
        guard let name = author.string("name") else {
            if author.value("name") == nil { author.missing("name", "Acme GmbH") }
            return nil
        }
        return Manifest.Author(name: name, email: email, url: url)
    }

    func decodeABI() -> Manifest.ABIRequirement? {
        guard let abi = root.mapping("abi") else { return nil }
        defer { finish(abi) }
        let minor = abi.int("min_minor", in: 0...Int(UInt16.max))
        guard let major = abi.int("major", in: 1...Int(UInt16.max)) else {
            if abi.value("major") == nil { abi.missing("major", "1") }
            return nil
        }
        return Manifest.ABIRequirement(major: UInt32(major), minMinor: UInt32(minor ?? 0))
    }

    func decodeEntry(isNeeded: Bool) -> [String: String] {
        guard let entry = root.mapping("entry") else {
            if isNeeded, root.value("entry") == nil {
                root.missing("entry", "{ linux-x86_64: lib/linux-x86_64/skill.so }")
            }
            return [:]
        }
        var paths: [String: String] = [:]
        for platform in entry.keys {
            guard let path = entry.string(platform), let node = entry.value(platform) else { continue }
            if !Words.isPlatform(platform) {
                report.problem(
                    "expected a platform such as linux-x86_64 as the key, found \(platform.quotedForMessage())",
                    at: node
                )
            } else if let reason = Words.flaw(ofPath: path) {
                report.problem(
                    "the entry \(path.quotedForMessage()) \(reason); write a path inside the package such as lib/skill.so",
                    at: node
                )
            } else {
                paths[platform] = path
            }
        }
        if isNeeded, entry.keys.isEmpty { entry.missing("linux-x86_64", "lib/linux-x86_64/skill.so") }
        return paths
    }

    func decodeRequirements() -> Manifest.Requirements {
        guard let requires = root.mapping("requires") else { return Manifest.Requirements() }
        defer { finish(requires) }
        let libc = requires.string("libc")
        if let libc, let node = requires.value("libc"), !Words.isLibraryRequirement(libc) {
            report.problem("expected a text such as \"glibc>=2.31\" for libc, found \(node.briefly)", at: node)
        }
        return Manifest.Requirements(libc: libc, runtime: requires.strings("runtime") ?? [])
    }

    func decodeIsolation() -> Manifest.IsolationWish {
        guard let isolation = root.mapping("isolation") else { return Manifest.IsolationWish() }
        defer { finish(isolation) }
        return Manifest.IsolationWish(
            mode: isolation.word("mode", Manifest.IsolationWish.Mode.self),
            share: isolation.word("share", Manifest.IsolationWish.Sharing.self) ?? .none,
            memoryMB: isolation.int("memory_mb", in: 16...1_048_576),
            cpuSecondsPerCall: isolation.int("cpu_seconds_per_call", in: 1...86_400),
            threads: isolation.int("threads", in: 1...4096),
            openFiles: isolation.int("open_files", in: 8...65_536),
            instances: isolation.int("instances", in: 1...64) ?? 1,
            restart: isolation.word("restart", Manifest.IsolationWish.Restart.self) ?? .reload
        )
    }

    func decodeSecrets() -> [Manifest.SecretDeclaration] {
        var names: Set<String> = []
        return mappings("secrets").compactMap { secret in
            defer { finish(secret) }
            let (description, isRequired) = (secret.string("description"), secret.bool("required"))
            guard let name = secret.string("name"), let node = secret.value("name") else {
                if secret.value("name") == nil { secret.missing("name", "ACME_TOKEN") }
                return nil
            }
            guard Words.isSecretName(name), names.insert(name).inserted else {
                report.problem("expected a new name of A-Z, 0-9 and _, found \(name.quotedForMessage())", at: node)
                return nil
            }
            return Manifest.SecretDeclaration(
                name: name,
                description: description ?? "",
                isRequired: isRequired ?? false
            )
        }
    }

    func decodeDependencies() -> [Manifest.Dependency] {
        var names: Set<PluginName> = []
        return mappings("dependencies").compactMap { dependency in
            defer { finish(dependency) }
            let isOptional = dependency.bool("optional")
            let requirement = parsed("req", of: dependency, VersionRequirement.parse)
            guard let name = parsed("name", of: dependency, PluginName.parse) else {
                if dependency.value("name") == nil { dependency.missing("name", "acme/ocr") }
                return nil
            }
            guard names.insert(name).inserted else {
                report.problem("the dependency \(name) is there twice; remove one", at: dependency.node)
                return nil
            }
            return Manifest.Dependency(name: name, requirement: requirement ?? .any, isOptional: isOptional ?? false)
        }
    }

    /// The elements of a list that are mappings, as all of them should be.
    func mappings(_ key: String, of mapping: YAMLMapping? = nil) -> [YAMLMapping] {
        ((mapping ?? root).list(key) ?? []).compactMap { YAMLMapping($0, report) }
    }
}
