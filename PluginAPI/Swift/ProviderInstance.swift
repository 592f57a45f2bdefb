internal import CPraximous

/// What the host's opaque `prax_instance` points to, of a provider.
final class ProviderInstance: Sendable {
    private let provider: any Provider
    private let host: PluginHost

    init(_ type: any Provider.Type, host: PluginHost) throws {
        provider = try type.init(host: host)
        self.host = host
    }

    /// The pointer the host holds from create until destroy.
    func retained() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func release(_ instance: OpaquePointer?) {
        guard let instance else { return }
        let object = Unmanaged<ProviderInstance>.fromOpaque(UnsafeRawPointer(instance)).takeRetainedValue()
        object.host.timers.stop()
    }

    /// Serves a call of the instance, and tells the host whether its end is still to come.
    static func serve(
        _ instance: OpaquePointer?,
        _ handle: prax_call,
        _ body: (any Provider, Reply) throws -> Void
    ) -> prax_status {
        guard let instance else { return prax_status(PRAX_E_INVALID) }
        let object = Unmanaged<ProviderInstance>.fromOpaque(UnsafeRawPointer(instance)).takeUnretainedValue()
        guard object.host.calls.finish != nil else { return prax_status(PRAX_E_UNAVAILABLE) }
        let reply = Reply(handle, host: object.host)
        do {
            try body(object.provider, reply)
        } catch let failure as SkillFailure {
            reply.fail(failure)
        } catch {
            // The text of an unforeseen error may hold anything, so it goes to the operator and not to the client.
            reply.log(.error, "unexpected error: \(error)")
            reply.fail(
                SkillFailure("The provider failed unexpectedly.", status: .internalError, code: "internal_error")
            )
        }
        return prax_status(reply.hasEnded ? PRAX_OK : PRAX_PENDING)
    }
}

/// The `prax.provider/1` table: the same for all providers, since the instance knows its own.
enum ProviderInterface {
    // Never written after it is made, and the ABI promises it to the host until the process ends.
    nonisolated(unsafe) private static let table: UnsafePointer<prax_provider> = {
        let table = UnsafeMutablePointer<prax_provider>.allocate(capacity: 1)
        table.initialize(
            to: prax_provider(
                size: UInt32(MemoryLayout<prax_provider>.size),
                models: { instance, call in ProviderInstance.serve(instance, call) { try $0.models($1) } },
                chat: { instance, call, request in
                    ProviderInstance.serve(instance, call) { try $0.chat(Array(request.bytes), $1) }
                },
                embed: { instance, call, model, inputs, count in
                    ProviderInstance.serve(instance, call) { provider, reply in
                        let texts = UnsafeBufferPointer(start: inputs, count: inputs == nil ? 0 : count).map(\.text)
                        try provider.embed(texts, model: model.text, reply)
                    }
                },
                health: { instance, call in ProviderInstance.serve(instance, call) { try $0.health($1) } },
                count_tokens: nil
            )
        )
        return UnsafePointer(table)
    }()

    /// The table of that interface; nil for any but the provider's.
    static func find(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id, String(cString: id) == PRAX_IFACE_PROVIDER else { return nil }
        return UnsafeRawPointer(table)
    }
}
