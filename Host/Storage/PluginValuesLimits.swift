/// How much plugins may keep, beside the quota that each was granted.
package struct PluginValuesLimits: Sendable, Hashable {
    package var maxKeyBytes: Int
    package var maxValueBytes: Int
    /// For one plugin: a row costs the disk more than the bytes that a quota counts.
    package var maxEntries: Int
    /// As many keys are listed at once.
    package var maxListedKeys: Int
    /// Of the database of all plugins together, without its write-ahead log.
    package var maxFileBytes: Int

    package init(
        maxKeyBytes: Int = 1 << 10,
        maxValueBytes: Int = 1 << 20,
        maxEntries: Int = 100_000,
        maxListedKeys: Int = 10_000,
        maxFileBytes: Int = 8 << 30
    ) {
        self.maxKeyBytes = maxKeyBytes
        self.maxValueBytes = maxValueBytes
        self.maxEntries = maxEntries
        self.maxListedKeys = maxListedKeys
        self.maxFileBytes = maxFileBytes
    }
}
