import Core
import Egress
import Gateway
import Manifests
import PraximousJSON

/// Reads config/providers.yaml, and names every mistake with its line and what to do.
struct ProvidersFile {
    /// What the file may speak of.
    struct Context {
        /// The providers that are installed.
        var plugins: Set<PluginName>
        /// The value of an environment variable; nil when it is set nowhere.
        var variable: (String) -> Secret?
    }

    /// Providers that ship with the host: words for `type`, whether or not they are there.
    static let shipped = ["openai", "anthropic", "gemini", "ollama", "local"]
    private static let maxNameBytes = 64

    let source: String
    let context: Context

    func read(_ bytes: [UInt8]) throws -> ProvidersConfiguration {
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return ProvidersConfiguration() }
        let document = try YAMLDocument.parse(bytes, source: source)
        let report = YAMLReport(source: source)
        var configuration = ProvidersConfiguration()
        if let top = YAMLMapping(document.root, report) {
            for node in top.list("providers") ?? [] { readEntry(node, report, &configuration) }
            if let routes = top.mapping("routes") { readRoutes(routes, &configuration) }
            if let breaker = top.mapping("breaker") { readBreaker(breaker, &configuration.breaker) }
            top.finish()
        }
        try report.check()
        return configuration
    }

    private func readEntry(_ node: YAMLNode, _ report: YAMLReport, _ configuration: inout ProvidersConfiguration) {
        guard let mapping = YAMLMapping(node, report) else { return }
        defer { mapping.finish() }
        // Of the original's dialogue about credentials.
        for key in ["env_var", "prompt_text"] { _ = mapping.value(key) }
        if let kind = mapping.string("kind"), kind != "provider" {
            mapping.problem("expected provider for kind, found \(kind.quotedForMessage())", atKey: "kind")
        }
        let isEnabled = mapping.bool("enabled") ?? true
        let (name, plugin) = (readName(mapping, configuration), readType(mapping))
        let (model, models) = readModels(mapping, isNeeded: plugin?.description != "praximous/local")
        let baseURL = readBaseURL(mapping, isEnabled: isEnabled)
        let key = readKey(mapping, isEnabled: isEnabled)
        let priority = mapping.int("priority", in: 0...1_000_000) ?? ProviderEntry.standardPriority
        let config = readConfig(mapping)
        guard let name else { return }
        guard isEnabled else { return configuration.disabled.append(name) }
        guard let plugin, let model else { return }
        configuration.entries.append(
            ProviderEntry(
                name: name,
                plugin: plugin,
                baseURL: baseURL,
                model: model,
                models: models,
                priority: priority,
                key: key,
                config: config,
                line: node.line
            )
        )
    }

    private func readName(_ mapping: YAMLMapping, _ configuration: ProvidersConfiguration) -> String? {
        guard let name = mapping.string("name") else {
            if mapping.value("name") == nil { mapping.missing("name", "my_provider") }
            return nil
        }
        guard Self.isName(name) else {
            mapping.problem(
                "expected a name of A-Z, a-z, 0-9, _, . and -, at most \(Self.maxNameBytes), "
                    + "found \(name.quotedForMessage())",
                atKey: "name"
            )
            return nil
        }
        let other = configuration.entries.first { $0.name == name }
        guard other == nil, !configuration.disabled.contains(name) else {
            let place = other.map { " in line \($0.line)" } ?? ""
            mapping.problem("there is a provider \(name) already\(place); give this one another name", atKey: "name")
            return nil
        }
        return name
    }

    static func isName(_ text: String) -> Bool {
        1...maxNameBytes ~= text.utf8.count
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": true
                default: false
                }
            }
    }

    private func readType(_ mapping: YAMLMapping) -> PluginName? {
        guard let type = mapping.string("type") else {
            if mapping.value("type") == nil { mapping.missing("type", Self.shipped.joined(separator: "|")) }
            return nil
        }
        let isKnown = Self.shipped.contains(type)
        if let plugin = try? PluginName.parse(type.contains("/") ? type : "praximous/\(type)"),
            isKnown || context.plugins.contains(plugin)
        {
            return plugin
        }
        let own = context.plugins.map { $0.owner == "praximous" ? $0.name : $0.description }
        let words = Self.shipped + own.filter { !Self.shipped.contains($0) }.sorted()
        let guess = Spelling.nearest(to: type, among: words).map { "; did you mean \($0)?" } ?? ""
        mapping.problem(
            "there is no provider plugin \(type.quotedForMessage()); expected one of \(words.joined(separator: ", "))"
                + "\(guess.isEmpty ? ", or install it: prax-host plugins search --kind provider" : guess)",
            atKey: "type"
        )
        return nil
    }

    private func readModels(_ mapping: YAMLMapping, isNeeded: Bool) -> (model: String?, models: [ModelPattern]) {
        let (own, further) = (mapping.string("model"), mapping.strings("models") ?? [])
        for name in [own].compactMap(\.self) + further where !Self.isModel(name) {
            mapping.problem(
                "expected a model's name of 1 to 256 bytes without spaces, found \(name.quotedForMessage())",
                atKey: name == own ? "model" : "models"
            )
        }
        if let own, own.contains("*") {
            mapping.problem(
                "expected one model, found \(own.quotedForMessage()); patterns go to models",
                atKey: "model"
            )
        }
        let patterns = further.map(ModelPattern.init)
        if let model = own ?? patterns.first(where: \.isExact)?.description { return (model, patterns) }
        guard isNeeded else { return ("praximous-local", patterns) }
        if mapping.value("model") == nil {
            mapping.missing("model", "the name by which the upstream knows the model")
        }
        return (nil, patterns)
    }

    private static func isModel(_ text: String) -> Bool {
        1...256 ~= text.utf8.count && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    private func readBaseURL(_ mapping: YAMLMapping, isEnabled: Bool) -> String? {
        guard let variable = mapping.string("base_url_env") else {
            return mapping.string("base_url").flatMap { Self.checked($0, mapping, "base_url") }
        }
        if mapping.value("base_url") != nil {
            mapping.problem("expected base_url or base_url_env, found both; leave one", atKey: "base_url_env")
        }
        guard isEnabled else { return nil }
        guard let value = context.variable(variable), !value.exposed.isEmpty else {
            mapping.problem(Self.unset(variable, named: "base_url_env"), atKey: "base_url_env")
            return nil
        }
        return Self.checked(value.exposed, mapping, "base_url_env")
    }

    /// The URL without slashes at its end.
    private static func checked(_ text: String, _ mapping: YAMLMapping, _ key: String) -> String? {
        func wrong(_ what: String) -> String? {
            mapping.problem(
                "expected an address such as https://api.example.com/v1 for \(key), found \(what)",
                atKey: key
            )
            return nil
        }
        guard text.utf8.count <= 2048, let address = try? WebAddress(text) else {
            return wrong("one that cannot be read")
        }
        if address.hasCredentials { return wrong("one with a user name or a password; use api_key_env") }
        guard ["http", "https"].contains(address.scheme), !address.host.isEmpty, text.contains("://") else {
            return wrong(text.quotedForMessage())
        }
        if text.contains("?") || text.contains("#") {
            return wrong("one with a query; what a provider adds to its address goes to config")
        }
        switch AddressScope(host: address.host) {
        case .linkLocal, .reserved: return wrong("\(address.host), which no host asks: clouds keep their keys there")
        default: break
        }
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    private func readKey(_ mapping: YAMLMapping, isEnabled: Bool) -> ProviderEntry.Key {
        guard mapping.value("api_key_env") != nil else { return .usual }
        guard let variable = mapping.string("api_key_env") else { return .none }
        if variable.isEmpty { return .none }
        guard variable.utf8.count <= 256, variable.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x3d }) else {
            mapping.problem(
                "expected the name of a variable for api_key_env; never write the key itself",
                atKey: "api_key_env"
            )
            return .none
        }
        if isEnabled, context.variable(variable)?.exposed.isEmpty ?? true {
            mapping.problem(Self.unset(variable, named: "api_key_env"), atKey: "api_key_env")
        }
        return .variable(variable)
    }

    private static func unset(_ variable: String, named key: String) -> String {
        // Somebody may have written the key itself.
        let isName = variable.utf8.allSatisfy { byte in
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == 0x5f
        }
        let shown = isName ? variable : "a variable"
        let none = key == "api_key_env" ? ", or write \"\" where no key is needed" : ""
        return "\(key) names \(shown), which is not set; set it in the environment or in config/.env\(none)"
    }

    private func readConfig(_ mapping: YAMLMapping) -> JSON {
        guard let node = mapping.value("config") else { return [:] }
        guard let config = node.json(mapping.report), config.objectValue != nil else {
            if node.entries == nil {
                mapping.problem("expected a mapping for config, found \(node.briefly)", atKey: "config")
            }
            return [:]
        }
        for key in ["base_url", "model"] where config[key] != nil {
            mapping.problem("\(key) belongs beside config, not into it", atKey: "config")
        }
        return config
    }
}
