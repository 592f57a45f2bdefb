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
