package import CPraximous
package import PraximousJSON
import Synchronization

/// A call that a plugin serves and may end after its function has returned.
package struct OpenCall: Sendable {
    package let handle: prax_call
    /// What the plugin's function returned.
    package let returned: Int32
    /// A plugin's instance stays as long as its calls.
    private let driver: PluginDriver

    fileprivate init(_ handle: prax_call, returned: Int32, driver: PluginDriver) {
        self.handle = handle
        self.returned = returned
        self.driver = driver
    }

    /// What has come so far.
    package var record: CallRecord {
        var record = FakeHost.records.withLock { $0[handle.id]?.record } ?? CallRecord()
        record.returned = returned
        return record
    }

    /// What has been streamed so far.
    package var events: [JSON] { record.events.map(\.json) }
    /// How the call ended, when it did so well.
    package var result: JSON? { record.result }
    /// How the call ended, when it failed.
    package var failure: CallRecord.Failure? { record.failure }

    /// The client leaves.
    package func cancel() { FakeHost.records.withLock { $0[handle.id]?.isCancelled = true } }

    /// The client has read so much that as many bytes as given may follow.
    package func giveCredit(_ bytes: Int) {
        let callback = FakeHost.records.withLock { records in
            records[handle.id]?.creditBytes = bytes
            return records[handle.id]?.onCredit
        }
        callback?.run()
    }
}

/// A callback as a plugin registered it.
// Unchecked: by the header it may run on any thread.
struct FakeCallback: @unchecked Sendable {
    let function: @convention(c) (UnsafeMutableRawPointer?) -> Void
    let context: UnsafeMutableRawPointer?

    func run() { function(context) }
}

extension PluginDriver {
    /// The provider's table, when it has one.
    package var provider: UnsafePointer<prax_provider>? {
        interface(PRAX_IFACE_PROVIDER)?.assumingMemoryBound(to: prax_provider.self)
    }

    package func chat(_ request: String) -> OpenCall {
        open { instance, call in
            withText(request) { provider?.pointee.chat?(instance, call, $0) ?? Int32(PRAX_E_UNSUPPORTED) }
        }
    }

    package func embed(_ texts: [String], model: String) -> OpenCall {
        open { instance, call in
            let inputs = texts.map(lasting)
            return withText(model) { provider?.pointee.embed?(instance, call, $0, inputs, inputs.count) ?? -2 }
        }
    }

    package func models() -> OpenCall { open { provider?.pointee.models?($0, $1) ?? -2 } }

    package func health() -> OpenCall { open { provider?.pointee.health?($0, $1) ?? -2 } }

    private func open(_ body: (OpaquePointer, prax_call) -> Int32) -> OpenCall {
        let handle = host.open()
        return OpenCall(handle, returned: body(instance, handle), driver: self)
    }
}
