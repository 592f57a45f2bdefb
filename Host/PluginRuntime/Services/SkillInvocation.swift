package import Core

/// A child request that its plugin may make: what it asks of another skill on behalf of the call it serves.
package struct SkillInvocation: Sendable {
    /// The call that waits for it, whose deadline, principal and end are the child's too.
    package let parent: ServedCall
    /// Resolved once: the permission was judged for this plugin.
    package let plugin: PluginName
    package let operation: String
    /// One JSON value.
    package let request: [UInt8]
    package let wantsEvents: Bool
    /// The plugins that wait for the child, the outermost first, the one that asks last.
    package let ancestors: [String]

    package init(
        parent: ServedCall,
        plugin: PluginName,
        operation: String,
        request: [UInt8],
        wantsEvents: Bool,
        ancestors: [String]
    ) {
        self.parent = parent
        self.plugin = plugin
        self.operation = operation
        self.request = request
        self.wantsEvents = wantsEvents
        self.ancestors = ancestors
    }
}
