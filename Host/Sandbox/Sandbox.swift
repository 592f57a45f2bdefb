package import Core
import Glibc

/// Puts the layers around the process that calls it.
package enum Sandbox {
    /// Applies what the profile's mode asks for and the kernel offers.
    ///
    /// For a worker that has one thread and has not yet loaded its plugin: Landlock and the privileges bind the
    /// threads that are started afterwards. Nothing of it can be taken back. Once the filter reports denials, any
    /// call that opens a file waits for the host, so the listener must be sent off before anything else.
    ///
    /// Does not return when the host has died meanwhile.
    package static func apply(_ profile: SandboxProfile) -> SandboxResult { apply(profile, on: .own) }

    /// Sets the limit of descriptors of a profile that leaves it to this, once the listener has been sent.
    ///
    /// Returns what went wrong.
    package static func limitFiles(_ profile: SandboxProfile) -> String? {
        // The folder of the open ones can no longer be read; a worker has a dozen of its own.
        LimitLayer.limitFiles(profile.openFiles + ownDescriptors)
    }

    private static let ownDescriptors = 12

    /// As if the kernel offered no more than that.
    package static func apply(_ profile: SandboxProfile, on kernel: KernelFeatures) -> SandboxResult {
        var result = SandboxResult()
        guard profile.mode != .inproc else { return result }
        // First, while /proc can be written and nothing is forbidden. Also because some changes of identity make the
        // kernel forget the signal of the parent's death.
        if profile.mode >= .strict { result.reports.append(NamespaceLayer.apply()) }
        result.reports.append(ProcessLayer.apply(expectedParent: profile.expectedParent))
        result.reports.append(LimitLayer.apply(profile))
        guard profile.mode >= .sandbox else {
            result.reports.append(PrivilegeLayer.apply())
            return result
        }
        // What needs privileges, or files, comes before they go. Landlock is last, for how far it goes depends on whether
        // there is a host to ask.
        let threads = ThreadCount.now()
        let landlock = LandlockLayer(profile, LandlockRights(abi: kernel.landlockABI))
        result.reports.append(PrivilegeLayer.apply())
        let filter = SeccompFilter.apply(
            rights: landlock.isPrepared ? landlock.rights : nil,
            threads: threads,
            reporting: kernel.hasListener
        )
        result.reports.append(landlock.apply(threads: threads, hasListener: filter.listener != nil))
        result.reports += filter.reports
        result.listener = filter.listener
        return result
    }
}

/// What became of each layer.
package struct SandboxResult: Sendable {
    package fileprivate(set) var reports: [LayerReport] = []
    /// To be sent to the host, for a ``DenialListener``, and then closed here; nil when denials are not reported.
    package fileprivate(set) var listener: Int32?

    /// The layers of `mode` that do not protect this worker, of those it applies itself; a strict worker must end then.
    package func missing(for mode: Manifest.IsolationWish.Mode) -> [Layer] {
        reports.missing(for: mode).filter { $0 != .controlGroup }
    }
}
