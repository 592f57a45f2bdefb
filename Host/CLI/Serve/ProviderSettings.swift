import Core
import Egress
import Gateway
import PluginRuntime
import PraximousJSON

/// What the instance of one provider entry is given: its configuration, its key, and whom it may ask.
struct ProviderSettings: Sendable {
    static let keyName = "api_key"

    let entry: ProviderEntry
    let folder: PluginFolder
    let settings: PluginSettings
    /// The manifest with what this instance may do: its permission for HTTP names the address of its entry alone.
    let granted: Manifest
    /// Whether the operator wrote the address, which then may be on this machine or a private network.
    let allowsPrivateHosts: Bool
    /// The variable of a key that is not set, although the plugin expects one.
    let missingVariable: String?

    /// Throws ``Refusal`` when the entry does not fit the plugin.
    init(_ entry: ProviderEntry, _ folder: PluginFolder, variable: (String) -> Secret?) throws(Refusal) {
        self.entry = entry
        self.folder = folder
        let manifest = folder.manifest
        let standard = manifest.configSchema?["properties"]?["base_url"]?["default"]?.stringValue
        let baseURL = entry.baseURL ?? standard
        granted = try Self.granted(manifest, entry, baseURL)
        allowsPrivateHosts = entry.baseURL != nil || folder.origin == .bundled
        var config = entry.config.objectValue ?? JSONObject()
        if let baseURL { config["base_url"] = .string(baseURL) }
        config["model"] = .string(entry.model)
        let name = Self.variable(entry, manifest, standard)
        let key = name.flatMap(variable).flatMap { $0.exposed.isEmpty ? nil : $0 }
        missingVariable = key == nil ? name : nil
        settings = PluginSettings(
            config: .object(config),
            secrets: key.map { [Self.keyName: $0] } ?? [:],
            place: "the entry \(entry.name) in config/providers.yaml, line \(entry.line)"
        )
    }

    /// The variable that holds the key; nil when none is to be sent.
    private static func variable(_ entry: ProviderEntry, _ manifest: Manifest, _ standard: String?) -> String? {
        switch entry.key {
        case .none: return nil
        case .variable(let name): return name
        case .usual:
            // A vendor's key goes to the vendor and to nobody else.
            guard let baseURL = entry.baseURL else { return manifest.secrets.first?.name }
            guard let own = try? WebAddress(baseURL), let vendor = standard.flatMap({ try? WebAddress($0) }),
                own.scheme == vendor.scheme, own.host == vendor.host, own.port == vendor.port
            else { return nil }
            return manifest.secrets.first?.name
        }
    }

    private static func granted(
        _ manifest: Manifest,
        _ entry: ProviderEntry,
        _ baseURL: String?
    ) throws(Refusal) -> Manifest {
        var granted = manifest
        granted.secrets = [Manifest.SecretDeclaration(name: keyName)]
        granted.permissions = []
        for permission in manifest.permissions {
            guard case .networkHTTP(let hosts, let methods) = permission else {
                granted.permissions.append(permission)
                continue
            }
            guard let baseURL, let address = try? WebAddress(baseURL), let port = address.port else {
                throw Refusal(
                    .config,
                    "the provider \(entry.name) needs a base_url, and \(manifest.name) has none of its own",
                    fix: "Add base_url to it in config/providers.yaml, line \(entry.line)."
                )
            }
            let mayAsk = hosts.contains { $0 == Permission.entryHost || HostPattern($0).matches(address) }
            guard mayAsk else {
                throw Refusal(
                    .config,
                    "the provider \(entry.name) is at \(address.host), and \(manifest.name) may only ask "
                        + hosts.joined(separator: ", "),
                    fix: "Use another type, or a base_url among those (config/providers.yaml, line \(entry.line))."
                )
            }
            granted.permissions.append(.networkHTTP(hosts: ["\(address.host):\(port)"], methods: methods))
        }
        return granted
    }

    /// Whether an instance that was made of the other one serves this one as well.
    func isSame(as other: ProviderSettings) -> Bool {
        var (own, others) = (entry, other.entry)
        (own.line, others.line) = (0, 0)
        // Neither is the instance's business.
        (own.priority, others.priority) = (0, 0)
        (own.models, others.models) = ([], [])
        return own == others && folder.path == other.folder.path && folder.manifest == other.folder.manifest
            && folder.libraryStamp == other.folder.libraryStamp
            && settings.secrets.mapValues(\.exposed) == other.settings.secrets.mapValues(\.exposed)
    }
}
