package import Core
package import PluginRuntime

/// How a plugin's child requests reach the skills and the models; the gateway provides it.
package struct SkillInvoker: Sendable {
    package typealias Start =
        @Sendable (SkillInvocation, any InvocationEvents) throws(ServiceError) -> any RunningInvocation

    package typealias StartModel =
        @Sendable (ModelInvocation, any InvocationEvents) throws(ServiceError) -> any RunningInvocation

    /// The plugin that serves a task type or has this full name; nil when there is none.
    let plugin: @Sendable (_ name: String) -> PluginName?
    let start: Start
    /// Nil where no models are served.
    let startModel: StartModel?

    package init(
        plugin: @escaping @Sendable (_ name: String) -> PluginName?,
        start: @escaping Start,
        startModel: StartModel? = nil
    ) {
        self.plugin = plugin
        self.start = start
        self.startModel = startModel
    }
}
