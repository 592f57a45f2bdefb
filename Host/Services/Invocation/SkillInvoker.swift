package import Core
package import PluginRuntime

/// How a plugin's child requests reach the skills; the gateway provides it.
package struct SkillInvoker: Sendable {
    package typealias Start =
        @Sendable (SkillInvocation, any InvocationEvents) throws(ServiceError) -> any RunningInvocation

    /// The plugin that serves a task type or has this full name; nil when there is none.
    let plugin: @Sendable (_ name: String) -> PluginName?
    let start: Start

    package init(plugin: @escaping @Sendable (_ name: String) -> PluginName?, start: @escaping Start) {
        self.plugin = plugin
        self.start = start
    }
}

/// A child request that its plugin may make.
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
}
