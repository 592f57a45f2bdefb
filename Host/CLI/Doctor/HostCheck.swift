import Core
import Foundation
import Glibc
import PluginRuntime
import Supervision

/// Whether a host runs, whether one could, and what the last one left behind.
struct HostCheck {
    let root: InstallationRoot
    let configuration: HostConfiguration

    func findings() -> [Finding] {
        guard FileManager.default.fileExists(atPath: root.path) else {
            return [
                .note(
                    "installation",
                    "there is none at \(root.path)",
                    fix: "prax-host --root DIR names another; serve makes one"
                )
            ]
        }
        // A host that runs has dealt with what was left, and is loading what has a marker now.
        if HostPresence.isServing(root) { return [.ok("host", "one serves \(root.path)")] + owners() }
        return [.ok("host", "none serves \(root.path)")] + owners() + leftBehind()
    }

    /// Whether this user may serve the installation, and should.
    private func owners() -> [Finding] {
        var info = stat()
        guard stat(root.path, &info) == 0 else {
            return [.bad("installation", "\(root.path): \(String(cString: strerror(errno)))", fix: "check its folders")]
        }
        let owner = getpwuid(info.st_uid).map { String(cString: $0.pointee.pw_name) } ?? "user \(info.st_uid)"
        for path in [root.path, root.dataFolder, root.stateFolder, root.pluginsFolder, root.configFolder]
        where FileManager.default.fileExists(atPath: path) && access(path, R_OK | W_OK | X_OK) != 0 {
            return [
                .bad(
                    "installation",
                    "this user may not read and write \(path)",
                    fix: "run prax-host as \(owner), or chown -R the installation to the user that serves it"
                )
            ]
        }
        guard geteuid() != info.st_uid else { return [] }
        return [
            .note(
                "installation",
                "it belongs to \(owner), not to this user, whose files it would then hold",
                fix: "run prax-host as \(owner)"
            )
        ]
    }

    private func leftBehind() -> [Finding] {
        let (markers, problems) = BootMarker(root).left()
        var findings = problems.map { Finding.bad("boot marker", "\($0)") }
        let found = markers.isEmpty ? [] : PluginFolders(root: root, configuration: configuration).scan().found
        for marker in markers {
            let isBundled = found.first { $0.manifest.name == marker.plugin }?.origin == .bundled
            let what =
                marker.isEnough(forBundled: isBundled)
                ? "the next one will quarantine it" : "the next one tries once more, and quarantine follows"
            findings.append(
                .bad(
                    "\(marker.plugin) \(marker.version)",
                    "the last host ended while it was loading it; \(what)",
                    fix: fix(for: marker.plugin)
                )
            )
        }
        do {
            for entry in try BlameReport.read(root).entries {
                findings.append(
                    .bad(
                        entry.plugin.description,
                        "\(entry.reason); the next host will quarantine it",
                        fix: fix(for: entry.plugin)
                    )
                )
            }
        } catch {
            findings.append(.bad("crash report", "\(error)"))
        }
        return findings
    }

    private func fix(for plugin: PluginName) -> String {
        "upgrade it, or keep it out of the host: `plugins: { \(plugin): { isolation: sandbox } }` in praximous.yaml; "
            + "then start the host and: prax-host plugins restart \(plugin)"
    }
}
