package import PluginRuntime
package import Storage

extension PluginValuesError {
    /// What the plugin hears.
    package var serviceError: ServiceError {
        switch self {
        case .notFound: .notFound
        case .emptyKey: .invalid
        case .keyTooLarge, .valueTooLarge, .overQuota, .tooManyEntries: .tooLarge
        case .conflict: .conflict
        case .unavailable: .unavailable
        }
    }
}
