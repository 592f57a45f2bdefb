import CPraximous
import Core
import PraximousJSON
import Synchronization

/// `prax.host.call/1`: what a plugin may do with the call it serves.
///
/// Every function takes any handle, also a stale or invented one, and answers with a status.
enum CallService {
    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_call> = {
        let table = UnsafeMutablePointer<prax_host_call>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_call(
                size: UInt32(MemoryLayout<prax_host_call>.size),
                deadline_ns: { call in CallTable.shared.withOpen(call) { slot, _ in slot.pointee.deadline } ?? 0 },
                is_cancelled: { call in CallTable.shared.withOpen(call) { _, state in state.isCancelled ? 1 : 0 } ?? 1
                },
                on_cancel: { call, function, context in onCancel(call, function, context) },
                emit: { call, kind, json in emit(call, kind, json, mayBlock: true) },
                try_emit: { call, kind, json in emit(call, kind, json, mayBlock: false) },
                credit: { call in credit(call) },
                on_credit: { call, function, context in onCredit(call, function, context) },
                finish: { call, json in finish(call, json) },
                fail: { call, value, code, message, detail, retryAfter in
                    fail(call, value, code, message, detail, retryAfter)
                },
                context: { call in context(call) }
            )
        )
        return UnsafePointer(table)
    }()

    private static func finish(_ call: prax_call, _ json: prax_str) -> prax_status {
        let bytes = json.bytes
        // A length with the sign bit set is no length at all.
        guard 0...CallTable.maxResultBytes ~= json.len else {
            let failure = Failure(
                .internal,
                code: "too_large",
                message:
                    "The skill's answer of \(UInt(bitPattern: json.len)) bytes exceeds \(CallTable.maxResultBytes).",
                hint: "The host's log names the plugin."
            )
            let ended = CallTable.shared.pluginEnds(call, .failure(failure))
            return ended == status(PRAX_OK) ? status(PRAX_E_TOO_LARGE) : ended
        }
        // That it is one JSON value is checked where the answer is taken up: in every mode the same place.
        return CallTable.shared.pluginEnds(call, .result(bytes))
    }

    private static func fail(
        _ call: prax_call,
        _ value: prax_status,
        _ code: prax_str,
        _ message: prax_str,
        _ detail: prax_str,
        _ retryAfterMilliseconds: UInt32
    ) -> prax_status {
        let details = detail.ptr == nil ? nil : try? JSON.parse(detail.bytes)
        let failure = Failure(
            pluginStatus: value,
            // One byte more than a code may have: cut, a longer one would be taken for another.
            code: code.text(maxBytes: Failure.maxCodeBytes + 1),
            message: message.text(),
            details: details,
            retryAfterMilliseconds: retryAfterMilliseconds
        )
        return CallTable.shared.pluginEnds(call, .failure(failure))
    }

    private static func onCancel(
        _ call: prax_call,
        _ function: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        let callback = function.map { PluginCallback(function: $0, context: context) }
        return CancelCallback.set(callback, for: call, CallTable.shared)
    }

    private static func emit(_ call: prax_call, _ kind: prax_str, _ json: prax_str, mayBlock: Bool) -> prax_status {
        guard 0...CallTable.maxResultBytes ~= json.len else { return status(PRAX_E_TOO_LARGE) }
        return emit(call, mayBlock: mayBlock) {
            guard (try? JSON.validate(json.bytes)) != nil else { return nil }
            return CallEvent(kind: kind.text(maxBytes: 64), json: Array(json.bytes))
        }
    }

    /// Puts an event into the call's stream; `make` gives nil for one that is not allowed.
    static func emit(_ call: prax_call, mayBlock: Bool, _ make: () -> CallEvent?) -> prax_status {
        enum Target {
            case cancelled, nobody
            case queue(any EventSink)
        }
        let target = CallTable.shared.withOpen(call) { slot, state -> Target in
            if state.isCancelled { return .cancelled }
            return slot.pointee.events.map(Target.queue) ?? .nobody
        }
        guard let target else { return status(PRAX_E_NOT_FOUND) }
        guard let event = make() else { return status(PRAX_E_INVALID) }
        guard case .queue(let queue) = target else {
            // Nobody listens to a call that was not asked to stream: the event is dropped, not an error.
            if case .cancelled = target { return status(PRAX_E_CANCELLED) }
            return status(PRAX_OK)
        }
        let emitted =
            mayBlock
            ? queue.emit(event) { CallTable.shared.withOpen(call) { _, state in state.isCancelled } ?? true }
            : queue.tryEmit(event)
        return switch emitted {
        case .accepted: status(PRAX_OK)
        case .full: status(PRAX_E_WOULD_BLOCK)
        case .closed: status(PRAX_E_CANCELLED)
        }
    }

    private static func credit(_ call: prax_call) -> Int {
        CallTable.shared.withOpen(call) { slot, _ in slot.pointee.events?.creditBytes ?? 64 << 10 } ?? 0
    }

    private static func onCredit(
        _ call: prax_call,
        _ function: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?,
        _ context: UnsafeMutableRawPointer?
    ) -> prax_status {
        let callback = function.map { PluginCallback(function: $0, context: context) }
        guard let queue = CallTable.shared.withOpen(call, { slot, _ in slot.pointee.events }) else {
            return status(PRAX_E_NOT_FOUND)
        }
        // Outside: it may wait for a running callback, and the slot for its readers.
        queue?.setOnCredit(callback)
        return status(PRAX_OK)
    }

    private static func context(_ call: prax_call) -> prax_str {
        CallTable.shared.withOpen(call) { slot, _ -> prax_str in
            slot.pointee.hasExtras.store(true, ordering: .releasing)
            let about = slot.pointee.context
            return slot.pointee.extras.withLock { extras in
                let text = extras.contextText ?? contextText(about, extras.request)
                extras.contextText = text
                return withPraxString(UnsafeBufferPointer(text)) { $0 }
            }
        } ?? prax_str(ptr: nil, len: 0)
    }

    private static func contextText(
        _ context: CallContext,
        _ request: JSON?
    ) -> UnsafeMutableBufferPointer<UInt8> {
        var members: JSONObject = ["id": .string(context.requestID)]
        if let keyID = context.keyID { members["caller"] = .string(keyID) }
        if let request { members["request"] = request }
        let bytes = JSON.object(members).encoded()
        let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        return text
    }
}
