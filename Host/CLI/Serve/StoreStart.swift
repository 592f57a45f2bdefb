import Core
import Foundation
import Logging
import Registry

/// What a starting host does about its store: finishes what a process that was killed left half done, and looks for
/// packages that the store has revoked.
struct StoreStart {
    let root: InstallationRoot
    let policy: StorePolicy
    let logger: Logger

    func settle() async {
        let layout = StoreLayout(root)
        removeUploads(layout)
        do {
            try StoreRepair(layout: layout).runUnlessLocked()
        } catch {
            logger.error("store not repaired", metadata: ["reason": "\(error)", "fix": "prax-host doctor"])
        }
        do {
            for (receipt, reason) in try await Revocations(layout: layout, policy: policy).mark() {
                logger.critical(
                    "package revoked: it is not served",
                    metadata: [
                        "plugin": "\(receipt.name) \(receipt.version)", "reason": "\(reason)",
                        "fix": "prax-host plugins upgrade \(receipt.name), or remove it",
                    ]
                )
            }
        } catch {
            logger.error("revocations not checked", metadata: ["reason": "\(error)"])
        }
    }

    /// What a host that was killed had taken in.
    ///
    /// Nobody else writes there, and there is one host.
    private func removeUploads(_ layout: StoreLayout) {
        let uploads = (try? FileManager.default.contentsOfDirectory(atPath: layout.uploadsFolder)) ?? []
        for name in uploads { try? FileManager.default.removeItem(atPath: layout.uploadsFolder + "/" + name) }
    }
}
