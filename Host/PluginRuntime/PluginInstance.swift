import CPraximous
import Core
import Logging
import Synchronization

/// One living instance of a plugin's skill, in this process.
///
/// @unchecked Sendable: the pointers are to const data of an image that is never unloaded and to an instance that the
/// plugin itself must make safe under the threading rules of the header, which `gate` enforces.
package final class PluginInstance: @unchecked Sendable {
    package let name: String

    /// Calls under way or waiting; a plugin that hangs must not use up the places of all the others.
    private static let maxCalls = 1024

    private let plugin: UnsafePointer<prax_plugin>
    private let instance: OpaquePointer
    private let skill: UnsafePointer<prax_skill>
    private let host: HostObject
    private let gate: SerialGate?
    private let isGone = Atomic(false)
    private let running = Mutex(RunningCalls())

    private struct RunningCalls {
        var count = 0
        var isRetired = false
        var isDestroyed = false

        mutating func mayDestroyNow() -> Bool {
            guard isRetired, !isDestroyed, count == 0 else { return false }
            isDestroyed = true
            return true
        }
    }

    init(
        name: String,
        plugin: UnsafePointer<prax_plugin>,
        instance: OpaquePointer,
        skill: UnsafePointer<prax_skill>,
        host: HostObject
    ) {
        self.name = name
        self.plugin = plugin
        self.instance = instance
        self.skill = skill
        self.host = host
        gate = plugin.pointee.flags & UInt32(truncatingIfNeeded: PRAX_F_CONCURRENT) == 0 ? SerialGate() : nil
    }

    /// Whether calls may overlap on this instance.
    var isConcurrent: Bool { gate == nil }

    /// Runs the plugin's entry function on the calling thread, which may block until the deadline.
    func execute(_ call: prax_call, operation: String, parameters: UnsafeBufferPointer<UInt8>) -> prax_status {
        withPraxString(operation) { operation in
            withPraxString(parameters) { parameters in
                skill.pointee.execute(instance, call, operation, parameters)
            }
        }
    }

    /// Counts a call in; false when the instance is on its way out.
    func admit() -> Bool {
        running.withLock { running in
            guard !running.isRetired, running.count < Self.maxCalls else { return false }
            running.count += 1
            return true
        }
    }

    /// Takes back an ``admit()`` whose call never began.
    func dismiss() {
        let mustDestroy = running.withLock { running in
            running.count -= 1
            return running.mayDestroyNow()
        }
        if mustDestroy { destroy() }
    }

    /// Waits for the instance's turn when it takes one call at a time.
    func enter(_ body: @escaping @Sendable () -> Void) {
        if let gate { gate.enter(body) } else { body() }
    }

    /// The call table has taken the call's slot back.
    func callReleased() {
        gate?.leave()
        dismiss()
    }

    /// No new calls; destroyed when the last one has ended.
    ///
    /// The image stays mapped.
    package func retire() {
        let mustDestroy = running.withLock { running in
            running.isRetired = true
            return running.mayDestroyNow()
        }
        if mustDestroy { destroy() }
    }

    func reportMisbehaviour(_ what: String, requestID: String) {
        host.logger.error("plugin misbehaving", metadata: ["what": "\(what)", "request.id": "\(requestID)"])
    }

    /// Retires the instance and waits, for as long as given, until its calls have ended and it is destroyed.
    package func retire(waitingAtMost limit: Duration) async {
        retire()
        let deadline = MonotonicClock.deadline(in: limit)
        while !isGone.load(ordering: .acquiring), MonotonicClock.now() < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Destroys an instance that never served a call, on the calling thread.
    func destroyNow() { plugin.pointee.destroy?(instance) }

    private func destroy() {
        // [serial]: no call is running, none can begin. destroy() may join threads, so not on the caller's.
        let (plugin, instance) = (UInt(bitPattern: plugin), UInt(bitPattern: instance))
        DetachedThread.start(named: "prax-destroy") { [self] in
            guard let plugin = UnsafePointer<prax_plugin>(bitPattern: plugin) else { return }
            plugin.pointee.destroy?(OpaquePointer(bitPattern: instance))
            isGone.store(true, ordering: .releasing)
        }
    }
}
