import Core
import PluginRuntime

extension Failure {
    /// A call that was cancelled because its reader was lost: what became of the reader, with what was billed; any other
    /// failure as it is.
    func because(_ loss: Failure?) -> Failure {
        guard let loss, code == Self.callCancelled.code else { return self }
        return Failure(loss.kind, code: loss.code, message: loss.message, hint: loss.hint, details: details)
    }
}
