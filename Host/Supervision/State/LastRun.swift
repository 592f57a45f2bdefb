package import Core
import Workers

/// What the host finds out at its start about the end of the one before it.
package struct LastRun: Sendable {
    /// The plugins that are quarantined from now on because of it.
    package let quarantined: [Quarantine.Entry]
    /// What could not be read or written.
    package let problems: [StateError]

    /// Quarantines the plugins that the report and the boot markers blame, and clears both.
    ///
    /// Only for the host that holds the installation's lock. `version` tells the version of a plugin that the report
    /// names; one that is no longer there has nothing to be held back.
    package static func settle(
        _ root: InstallationRoot,
        at now: Int64,
        version: (PluginName) -> SemanticVersion?
    ) -> LastRun {
        var found: [PluginName: Quarantine.Entry] = [:]
        let markers = BootMarker(root)
        let (left, unreadable) = markers.left()
        var problems = unreadable
        for left in left { found[left.plugin] = .loading(left, at: now) }
        do throws(StateError) {
            for blamed in try BlameReport.read(root).entries {
                // The report says more than a marker, but only the marker knows the version that was being loaded.
                guard let version = found[blamed.plugin]?.version ?? version(blamed.plugin) else { continue }
                found[blamed.plugin] = .blamed(blamed, version, at: now)
            }
        } catch {
            problems.append(error)
        }
        let entries = found.values.sorted { $0.plugin < $1.plugin }
        do throws(StateError) {
            for entry in entries { try Quarantine(root).add(entry) }
            // Not before: a host that dies here must find them again.
            try BlameReport.empty(root)
            for left in left { markers.remove(left.plugin) }
        } catch {
            problems.append(error)
        }
        return LastRun(quarantined: entries, problems: problems)
    }
}

extension Quarantine.Entry {
    fileprivate static func loading(_ left: BootMarker.Left, at now: Int64) -> Self {
        Self(
            plugin: left.plugin,
            version: left.version,
            reason: "the host ended while it was loading it",
            kind: "host_ended_while_loading",
            since: now,
            faults: 1
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
