/// The bounds of the audit writer.
///
/// The defaults are what the documentation promises.
package struct AuditLimits: Sendable, Hashable {
    /// Events that wait for the writer; beyond it `record` waits.
    package var queuedEvents = 8192
    /// Events in one transaction.
    package var batchEvents = 1024
    /// `group`: a commit begins at the latest this long after its first event was queued.
    package var commitDelayNanoseconds: UInt64 = 5_000_000
    /// `group`: what is committed is synced to the disk at the latest this long after.
    package var syncDelayNanoseconds: UInt64 = 1_000_000_000
    /// After a failed write the next attempt waits this long.
    package var retryDelayNanoseconds: UInt64 = 250_000_000

    package init() {}
}
