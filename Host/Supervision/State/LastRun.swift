package import Core
import Workers

/// What the host finds out at its start about the end of the one before it.
package struct LastRun: Sendable {
    /// The plugins that are quarantined from now on because of it.
    package let quarantined: [Quarantine.Entry]
    /// The bundled plugins over whose loading the last host ended for once: they are loaded again, the markers stay.
    package let suspects: [BootMarker.Left]
    /// What could not be read or written.
    package let problems: [StateError]

    /// Quarantines the plugins that the report blames, or that were being loaded when the last host ended, and clears
    /// both.
    ///
    /// Only for the host that holds the installation's lock. `version` tells the version of a plugin that the report
    /// names; one that is no longer there has nothing to be held back. What `isBundled` was tried like the host itself:
    /// it is held back only when two hosts in a row ended over it.
    package static func settle(
        _ root: InstallationRoot,
        at now: Int64,
        isBundled: (PluginName) -> Bool,
        version: (PluginName) -> SemanticVersion?
    ) -> LastRun {
        var found: [PluginName: Quarantine.Entry] = [:]
        let markers = BootMarker(root)
        let (left, unreadable) = markers.left()
        var problems = unreadable
        for left in left where left.isEnough(forBundled: isBundled(left.plugin)) {
            found[left.plugin] = .loading(left, at: now)
        }
        do throws(StateError) {
            for blamed in try BlameReport.read(root).entries {
                // The report says more than a marker, but only the marker knows the version that was being loaded.
                let loaded = left.first { $0.plugin == blamed.plugin }?.version
                guard let version = loaded ?? version(blamed.plugin) else { continue }
                found[blamed.plugin] = .blamed(blamed, version, at: now)
            }
        } catch {
            problems.append(error)
        }
        let suspects = left.filter { found[$0.plugin] == nil && $0.version == version($0.plugin) }
        var held: [Quarantine.Entry] = []
        for entry in found.values.sorted(by: { $0.plugin < $1.plugin }) {
            do throws(StateError) {
                try Quarantine(root).add(entry)
                held.append(entry)
            } catch {
                problems.append(error)
            }
        }
        // Not before, and not without: the next host must find what could not be written down.
        if held.count == found.count {
            for left in left where !suspects.contains(left) { markers.remove(left.plugin) }
            do throws(StateError) {
                try BlameReport.empty(root)
            } catch {
                problems.append(error)
            }
        }
        return LastRun(quarantined: held, suspects: suspects, problems: problems)
    }
}

extension Quarantine.Entry {
    fileprivate static func loading(_ left: BootMarker.Left, at now: Int64) -> Self {
        Self(
            plugin: left.plugin,
            version: left.version,
            reason: "the host ended while it was loading it" + (left.ends > 1 ? ", \(left.ends) times in a row" : ""),
            kind: "host_ended_while_loading",
            since: now,
            faults: left.ends
        )
    }

    fileprivate static func blamed(_ blamed: BlameReport.Entry, _ version: SemanticVersion, at now: Int64) -> Self {
        Self(
            plugin: blamed.plugin,
            version: version,
            reason: blamed.reason,
            kind: blamed.kind.word,
            since: now,
            faults: 1
        )
    }
}
