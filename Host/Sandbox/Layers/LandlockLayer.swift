import CLinux
import Glibc

/// Only the files that the profile names can be opened.
struct LandlockLayer {
    /// The version of the running kernel's Landlock, 0 for none.
    static var kernelABI: Int { max(0, Int(prax_landlock_abi())) }

    let rights: LandlockRights
    /// -1 when the rules could not be made.
    private let rules: Int32
    private let problem: String?

    /// Makes the rules; they are not in force yet.
    ///
    /// A path that does not exist grants nothing, which is no problem.
    init(_ profile: SandboxProfile, _ rights: LandlockRights) {
        self.rights = rights
        guard rights.abi >= 1 else {
            (rules, problem) = (-1, nil)
            return
        }
        let rules = prax_landlock_create(rights.files.rawValue, rights.network, rights.scopes)
        guard rules >= 0 else {
            (self.rules, problem) = (-1, "no rules: \(errorText(-rules))")
            return
        }
        let readable = (SystemPaths.readable + profile.readablePaths).map { ($0, rights.reading) }
        let writable = (SystemPaths.writable + profile.writablePaths).map { ($0, rights.writing) }
        for (path, granted) in readable + writable {
            let result = prax_landlock_allow(rules, path, granted.rawValue)
            guard result == 0 || result == ENOENT else {
                close(rules)
                (self.rules, problem) = (-1, "\(path): \(errorText(result))")
                return
            }
        }
        (self.rules, problem) = (rules, nil)
    }

    var isPrepared: Bool { rules >= 0 }

    /// Puts them in force.
    ///
    /// Without a listener /proc is granted, since nobody opens the worker's own files there for it (``OwnFiles``). The
    /// environment, the memory and the descriptors of other processes stay closed: Landlock forbids tracing them. Their
    /// names and command lines do not.
    func apply(threads: Int, hasListener: Bool) -> LayerReport {
        if let problem { return LayerReport(.landlock, .failed, problem) }
        guard rules >= 0 else { return Self.unavailable }
        defer { close(rules) }
        if !hasListener { _ = prax_landlock_allow(rules, "/proc", rights.reading.rawValue) }
        let result = prax_landlock_restrict(rules)
        guard result == 0 else { return LayerReport(.landlock, .failed, "not in force: \(errorText(result))") }
        guard threads == 1 else {
            return LayerReport(.landlock, .failed, "binds one thread only, and \(threads) were running")
        }
        return LayerReport(.landlock, .applied, rights.description + (hasListener ? "" : "; /proc is readable"))
    }

    static func probe() -> LayerReport {
        let rights = LandlockRights(abi: kernelABI)
        return rights.abi >= 1 ? LayerReport(.landlock, .available, rights.description) : unavailable
    }

    private static var unavailable: LayerReport {
        let isOff = prax_landlock_abi() == -EOPNOTSUPP
        return LayerReport(
            .landlock,
            .unavailable,
            isOff ? "switched off when the kernel was started" : "unknown to this kernel, or hidden by a container",
            fix: isOff
                ? "Start the kernel with `lsm=landlock,...`."
                : "Use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK."
        )
    }
}
