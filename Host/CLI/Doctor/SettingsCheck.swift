import Access
import Core
import Foundation

/// The configuration, and the files that nobody else may read.
struct SettingsCheck {
    let root: InstallationRoot

    /// The configuration in force; the defaults when it cannot be read, so that the rest can still be looked at.
    func read() -> (HostConfiguration, [Finding]) {
        do {
            return (try HostConfiguration.read(root), [.ok("configuration")])
        } catch {
            // The sentences name line and column, and what was expected there.
            let fix = "mend it, then: prax-host config check"
            return (HostConfiguration(), [.bad("configuration", "\(error)", fix: fix)])
        }
    }

    /// Secrets and settings of the environment file; only whether it can be read.
    func environmentFile() -> [Finding] {
        do {
            _ = try HostEnvironment(process: [:], file: root.environmentFile)
            return []
        } catch {
            return [.bad("config/.env", "\(error)", fix: "mend it: a host does not start without understanding it")]
        }
    }

    func privateFiles() -> [Finding] {
        ["data/hash.key", "data/praximous.db", "data/audit.db", "config/.env"].compactMap { name in
            let path = "\(root.path)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let mode = attributes?[.posixPermissions] as? Int else { return nil }
            if mode & 0o077 == 0 { return .ok(name) }
            return .bad(name, "others can read it", fix: "run chmod 600 \(path)")
        }
    }
}
