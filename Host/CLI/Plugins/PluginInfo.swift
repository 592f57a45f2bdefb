import Core
import Glibc
import PraximousJSON
import Registry
import Supervision

/// All there is to say about one plugin: what the store says, what its skill.yaml says when it is here, and how it
/// stands.
struct PluginInfo {
    /// nil when no store has it.
    let package: StoreIndex.Package?
    /// nil when it is not here.
    let manifest: Manifest?
    let installed: Receipt?
    let details: PluginDetails?

    private var name: String { (package?.name ?? manifest?.name).map { "\($0)" } ?? "" }
    private var summary: String { package?.summary ?? manifest?.title ?? "" }
    private var kind: String { package?.kind ?? manifest?.kind.rawValue ?? "" }
    private var taskType: String? { package?.taskType ?? manifest?.taskType }
    private var license: String? { package?.license ?? manifest?.license }
    private var homepage: String? { package?.homepage ?? manifest?.homepage }
    /// What nobody must overlook: how it stands here, or, when it is not here, what its newest version asks for.
    private var notice: String? {
        if let details { return details.standing.decision.notice }
        let asks = permissions.contains { $0.prefix { $0 != ":" } == Permission.programsKind }
        return asks ? "would be allowed to start programs; runs without the sandbox" : nil
    }
    private var permissions: [String] { manifest?.permissions.tokens ?? package?.newest?.permissions ?? [] }

    var lines: [String] {
        var lines = ["\(name)  \(summary.forTerminal)"]
        func add(_ label: String, _ text: String?) {
            if let text { lines.append(label.padded(to: 13) + text.forTerminal) }
        }
        add("kind", kind)
        add("task type", taskType)
        add("license", license)
        add("homepage", homepage)
        add("deprecated", package?.deprecated)
        add("permissions", permissions.isEmpty ? "none" : permissions.joined(separator: ", "))
        if let notice { lines.append(Terminal.red("NOTICE".padded(to: 13) + "it \(notice)", on: STDOUT_FILENO)) }
        if package != nil || installed != nil {
            add("installed", installed.map { "\($0.version), \($0.signedBy)" } ?? "no")
        } else {
            add("version", manifest.map { "\($0.version)" })
        }
        lines += details?.lines ?? []
        guard let package else { return lines }
        lines.append("versions")
        for version in package.versions {
            let platforms = version.artifacts.map(\.platform).joined(separator: ", ")
            let yanked = version.yanked.map { "  taken back: \($0.forTerminal)" } ?? ""
            let abi = "ABI \(version.abiMajor).\(version.abiMinMinor)"
            lines.append("  \(version.version)  \(abi)  \(platforms)  \(version.published?.forTerminal ?? "")\(yanked)")
        }
        return lines
    }

    var json: JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        var json: JSONObject = [
            "name": .string(name), "kind": .string(kind), "summary": .string(summary), "task_type": text(taskType),
            "license": text(license), "homepage": text(homepage), "deprecated": text(package?.deprecated),
            "version": text(manifest.map { "\($0.version)" }),
            "permissions": .array(permissions.map(JSON.string)), "notice": text(notice),
            "installed": text(installed.map { "\($0.version)" }),
            "versions": .array((package?.versions ?? []).map(Self.json)),
        ]
        details?.add(to: &json)
        return .object(json)
    }

    private static func json(_ version: StoreIndex.Version) -> JSON {
        [
            "version": .string(version.version.description),
            "published": version.published.map(JSON.string) ?? .null,
            "abi": ["major": .integer(Int(version.abiMajor)), "min_minor": .integer(Int(version.abiMinMinor))],
            "min_host": version.minHost.map { .string($0.description) } ?? .null,
            "permissions": .array(version.permissions.map(JSON.string)),
            "yanked": version.yanked.map(JSON.string) ?? .null,
            "platforms": .array(version.artifacts.map { .string($0.platform) }),
        ]
    }
}
