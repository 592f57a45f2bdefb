import Core
import PluginRuntime

extension AuditEvent {
    /// Notes how the request ended.
    mutating func settle(_ result: Result<[UInt8], Failure>) {
        switch result {
        case .success(let bytes): responseBytes = Int64(bytes.count)
        case .failure(let failure): fail(failure)
        }
    }

    /// Notes how the call ended.
    mutating func settle(_ outcome: CallOutcome) {
        switch outcome {
        case .result(let bytes): responseBytes = Int64(bytes.count)
        case .failure(let failure): fail(failure)
        }
    }

    private mutating func fail(_ failure: Failure) {
        status = .error
        self.failure = failure.kind
        errorCode = failure.code
    }
}
