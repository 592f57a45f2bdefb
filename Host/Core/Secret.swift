/// A text that must not show up anywhere by accident: it prints as `<redacted>`.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself; read it only where it is used.
    package let exposed: String

    package init(_ text: String) { exposed = text }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
