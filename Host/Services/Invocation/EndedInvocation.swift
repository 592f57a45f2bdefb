import Core
import PluginRuntime

/// A child request that ended before it began.
///
/// Its plugin is told why in words, which a status alone could not.
final class EndedInvocation: RunningInvocation {
    func cancel() {}
    func consumed(_ bytes: Int) {}
}

extension Failure {
    static func tooDeep(_ ancestors: [String], limit: Int) -> Failure {
        Failure(
            .conflict,
            code: "too_deep",
            message: "Skills call each other more than \(limit) deep: \(ancestors.joined(separator: " > ")).",
            hint: "Two of them probably call each other without an end."
        )
    }
}
