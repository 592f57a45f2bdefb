/// What a plugin's services take, beside the quotas of its permissions.
package struct ServiceLimits: Sendable, Hashable {
    /// How many calls may wait for one another.
    package var maxInvocationDepth: Int
    /// Of a child request.
    package var maxRequestBytes: Int
    package var dataFolder: FolderScan.Limits

    package init(
        maxInvocationDepth: Int = 8,
        maxRequestBytes: Int = 16 << 20,
        dataFolder: FolderScan.Limits = FolderScan.Limits()
    ) {
        self.maxInvocationDepth = maxInvocationDepth
        self.maxRequestBytes = maxRequestBytes
        self.dataFolder = dataFolder
    }
}
