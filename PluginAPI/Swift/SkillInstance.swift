internal import CPraximous
internal import PraximousJSON

/// What the host's opaque `prax_instance` points to.
final class SkillInstance: Sendable {
    private let skill: any Skill
    private let host: PluginHost
    private let operations: [String]

    init(_ type: any Skill.Type, host: PluginHost) throws {
        skill = try type.init(host: host)
        self.host = host
        operations = type.operations
    }

    /// The pointer the host holds from create until destroy.
    func retained() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func release(_ instance: OpaquePointer?) {
        guard let instance else { return }
        Unmanaged<SkillInstance>.fromOpaque(UnsafeRawPointer(instance)).release()
    }

    static func borrowed(_ instance: OpaquePointer?) -> SkillInstance? {
        instance.map { Unmanaged<SkillInstance>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    func execute(_ handle: prax_call, _ operation: prax_str, _ parameters: prax_str) -> prax_status {
        let call = Call(handle, host: host)
        do {
            let result = try skill.execute(try known(operation.text), try JSON.parse(parameters.bytes), call)
            return call.finish(result)
        } catch let failure as SkillFailure {
            return call.fail(failure)
        } catch let error as JSONError {
            return call.fail(SkillFailure("The parameters are not valid JSON.", details: error.description))
        } catch {
            // The text of an unforeseen error may hold anything, so it goes to the operator and not to the client.
            call.log(.error, "unexpected error: \(error)")
            return call.fail(
                SkillFailure("The skill failed unexpectedly.", status: .internalError, code: "internal_error")
            )
        }
    }

    private func known(_ operation: String) throws(SkillFailure) -> String {
        if operations.contains(operation) { return operation }
        throw SkillFailure(
            "Unsupported Operation",
            details: "Operation '\(operation)' is not supported.",
            status: .unsupported,
            code: "unsupported_operation"
        )
    }
}
