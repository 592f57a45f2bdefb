import CLinux
import CPraximous
import Core
import Glibc
import Logging
import Synchronization

/// One living instance of a plugin's skill, in this process.
///
/// @unchecked Sendable: the pointers are to const data of an image that is never unloaded and to an instance that the
/// plugin itself must make safe under the threading rules of the header, which `gate` enforces.
package final class PluginInstance: @unchecked Sendable {
    package let name: String

    /// Calls under way or waiting, of the 4096 that the table holds: a plugin that hangs must not use up the places of
    /// all the others.
    private static let maxCalls = 3072
    /// Of at most 64 threads.
    private static let maxThreads = 24

    fileprivate let plugin: UnsafePointer<prax_plugin>
    fileprivate let instance: OpaquePointer
    private let skill: UnsafePointer<prax_skill>
    private let host: HostObject
    private let blameNumber: Int32
    /// Whether its author says that it cannot run in a worker (PRAX_F_NEEDS_INPROC).
    package var needsInProcess: Bool {
        plugin.pointee.flags & UInt32(truncatingIfNeeded: PRAX_F_NEEDS_INPROC) != 0
    }

    /// Whether calls may overlap on this instance.
    package let isConcurrent: Bool
    private let gate: CallGate
    private let isGone = Atomic(false)
    private let running = Mutex(RunningCalls())
    private let trouble = Mutex<(@Sendable (Trouble) -> Void)?>(nil)
    private let misbehaviours = Atomic(0)

    /// What an instance does that its host must act upon.
    package enum Trouble: Sendable {
        /// A call holds one of the host's threads and does not come back.
        case hung
        /// Such a call came back after all.
        case recovered
        /// It broke the rules of the header for the third time.
        case misbehaved
    }

    private static let maxMisbehaviours = 3

    private struct RunningCalls {
        var count = 0
        var isRetired = false
        var isDestroyed = false
        /// Calls whose thread does not come back.
        var hung: Set<UInt64> = []

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
        host: HostObject,
        blameNumber: Int32
    ) {
        self.name = name
        self.plugin = plugin
        self.instance = instance
        self.skill = skill
        self.host = host
        self.blameNumber = blameNumber
        isConcurrent = plugin.pointee.flags & UInt32(truncatingIfNeeded: PRAX_F_CONCURRENT) != 0
        gate = CallGate(width: isConcurrent ? Self.maxThreads : 1)
    }

    /// Whether a call holds one of the host's threads although it has long been ended: a thread cannot be taken back,
    /// so no further call may have one until it returns.
    package var isHung: Bool { hungCalls > 0 }

    /// How many calls hold one each.
    package var hungCalls: Int { running.withLock { $0.hung.count } }

    func noteHang(_ call: prax_call) {
        let isNew = running.withLock { $0.hung.insert(call.id).inserted }
        guard isNew else { return }
        host.logger.error("plugin hung", metadata: ["fix": "restart the host, or run it in a worker"])
        trouble.withLock { $0 }?(.hung)
    }

    /// The thread of a call is free again, or the call was never counted as hung.
    func noteReturn(_ call: prax_call) {
        let wasHung = running.withLock { $0.hung.remove(call.id) != nil }
        if wasHung { trouble.withLock { $0 }?(.recovered) }
    }

    /// Whether it takes no new calls for good.
    package var isRetired: Bool { running.withLock { $0.isRetired } }

    /// Names who hears of what the plugin does against the rules; on any thread, and soon over.
    package func onTrouble(_ body: @escaping @Sendable (Trouble) -> Void) { trouble.withLock { $0 = body } }

    /// Runs the plugin's entry function on the calling thread, which may block until the deadline.
    func execute(_ call: prax_call, operation: String, parameters: UnsafeBufferPointer<UInt8>) -> prax_status {
        let blamedBefore = prax_blame_enter(blameNumber)
        defer { prax_blame_leave(blamedBefore) }
        return withPraxString(operation) { operation in
            withPraxString(parameters) { parameters in
                skill.pointee.execute(instance, call, operation, parameters)
            }
        }
    }

    /// Counts a call in; false when the instance is on its way out.
    package func admit() -> Bool {
        let isAdmitted = running.withLock { running in
            guard !running.isRetired, running.count < Self.maxCalls else { return false }
            running.count += 1
            return true
        }
        // Held by each of its calls: the table knows it by an address alone, and a call may outlive whoever made it.
        if isAdmitted { _ = Unmanaged.passUnretained(self).retain() }
        return isAdmitted
    }

    /// Takes back an ``admit()`` whose call never began.
    package func dismiss() {
        let mustDestroy = running.withLock { running in
            running.count -= 1
            return running.mayDestroyNow()
        }
        if mustDestroy { destroy() }
        Unmanaged.passUnretained(self).release()
    }

    /// Waits for the call's turn: when the instance takes one call at a time, or holds as many threads as it may.
    package func enter(_ body: @escaping @Sendable () -> Void) { gate.enter(body) }

    /// The thread that ``enter(_:)`` led to is free again; the call itself may be pending.
    package func leaveThread() {
        if isConcurrent { gate.leave() }
    }

    /// The call table has taken the call's slot back.
    func callReleased(_ call: prax_call) {
        noteReturn(call)
        if !isConcurrent { gate.leave() }
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
        let count = misbehaviours.wrappingAdd(1, ordering: .relaxed).newValue
        if count % Self.maxMisbehaviours == 0 { trouble.withLock { $0 }?(.misbehaved) }
    }

    /// Retires the instance and waits, for as long as given, until its calls have ended and it is destroyed.
    package func retire(waitingAtMost limit: Duration) async {
        retire()
        let deadline = MonotonicClock.deadline(in: limit)
        // Looks again and again, here and below: a plugin may never end, so whoever waits must not have to be woken.
        while !isGone.load(ordering: .acquiring), MonotonicClock.now() < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// As ``retire(waitingAtMost:)``, on the calling thread.
    package func retireAndWait(_ limit: Duration) {
        retire()
        let deadline = MonotonicClock.deadline(in: limit)
        while !isGone.load(ordering: .acquiring), MonotonicClock.now() < deadline { usleep(2000) }
    }

    /// What get_interface() gives for an id.
    func interface(_ id: String) -> UnsafeRawPointer? { plugin.pointee.get_interface?(instance, id) ?? nil }

    /// Whether two instances may live at once.
    var isReloadable: Bool { plugin.pointee.flags & UInt32(truncatingIfNeeded: PRAX_F_RELOADABLE) != 0 }

    /// Destroys an instance that never served a call, on the calling thread.
    func destroyNow() { plugin.pointee.destroy?(instance) }

    private func destroy() {
        // [serial]: no call is running, none can begin. destroy() may join threads, so not on the caller's.
        let (plugin, instance) = (UInt(bitPattern: plugin), UInt(bitPattern: instance))
        DetachedThread.start(named: "prax-destroy") { [self] in
            guard let plugin = UnsafePointer<prax_plugin>(bitPattern: plugin) else { return }
            host.exchanges.cancelAll(waitingAtMost: 5_000_000_000)
            _ = prax_blame_enter(blameNumber)
            plugin.pointee.destroy?(OpaquePointer(bitPattern: instance))
            isGone.store(true, ordering: .releasing)
        }
    }
}

extension PluginInstance {
    /// Tells the plugin that no new call will come.
    package func quiesce(until deadline: UInt64) { plugin.pointee.quiesce?(instance, deadline) }
}
