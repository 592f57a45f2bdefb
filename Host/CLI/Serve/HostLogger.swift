import Access
import Core
import Foundation
import Logging

/// The host's log: standard error, one line per event.
enum HostLogger {
    static func make(
        _ configuration: HostConfiguration,
        _ environment: HostEnvironment,
        _ root: InstallationRoot
    ) -> Logger {
        var logger = Logger(label: "praximous") { StreamLogHandler.standardError(label: $0) }
        let named = environment["LOG_LEVEL"]?.exposed.lowercased()
        logger.logLevel = named.flatMap(level) ?? configuration.logLevel
        return logger
    }

    /// Levels by their names here and in the original (`WARNING`, `CRITICAL`).
    private static func level(_ name: String) -> Logger.Level? {
        name == "warn" ? .warning : Logger.Level(rawValue: name)
    }
}
