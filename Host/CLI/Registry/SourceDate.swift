import Foundation
import Registry

/// The time that reproducible builds share: SOURCE_DATE_EPOCH, seconds since 1970.
enum SourceDate {
    static var time: Timestamp? {
        ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }.map {
            Timestamp(seconds: max(0, $0))
        }
    }
}
