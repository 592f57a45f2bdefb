/// What this build is and speaks.
package enum HostVersion {
    package static let name = "prax-host"
    package static let text = "0.1.0"
    /// The plugin ABI this host offers: the major must match, the minor must reach what a plugin asks for.
    package static let abiMajor: UInt32 = 1
    package static let abiMinor: UInt32 = 0
}
