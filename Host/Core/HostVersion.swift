/// What this build is and speaks.
package enum HostVersion {
    package static let name = "prax-host"
    package static let text = "0.1.0"
    /// The day this version was made, in UTC as microseconds since 1970: a clock that shows an earlier one is wrong.
    package static let released: Int64 = 1_795_392_000_000_000
    /// The plugin ABI this host offers: the major must match, the minor must reach what a plugin asks for.
    package static let abiMajor: UInt32 = 1
    package static let abiMinor: UInt32 = 0
}
