import PraximousPlugin

private let plugin = Plugin<EmailSender>()

/// The one symbol of the library.
@c(prax_plugin_entry) public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
    plugin.table(hostMajor, hostMinor)
}
