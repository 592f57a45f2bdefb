import CPraximous
import PraximousJSON
import Synchronization

/// The service tables of a fake host, by id.
// Unchecked: written in init alone.
struct FakeTables: @unchecked Sendable {
    let byID: [String: UnsafeRawPointer]

    init(_ options: FakeHost.Options) {
        var call = callTable()
        var log = logTable()
        var config = configTable()
        call.size = options.sizes[PRAX_EXT_HOST_CALL] ?? call.size
        log.size = options.sizes[PRAX_EXT_HOST_LOG] ?? log.size
        config.size = options.sizes[PRAX_EXT_HOST_CONFIG] ?? config.size
        byID = [
            PRAX_EXT_HOST_CALL: lasting(call), PRAX_EXT_HOST_LOG: lasting(log), PRAX_EXT_HOST_CONFIG: lasting(config),
            PRAX_EXT_HOST_HTTP: lasting(httpTable()), PRAX_EXT_HOST_VECTOR: lasting(vectorTable()),
            PRAX_EXT_HOST_MAIL: lasting(mailTable()),
        ]
    }
}

private func lasting<Table>(_ table: Table) -> UnsafeRawPointer {
    let copy = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    copy.initialize(to: table)
    return UnsafeRawPointer(copy)
}

/// Changes the record of a call; a call that is over is not found.
func update(_ call: prax_call, _ change: (inout CallRecord, FakeHost) -> Int32) -> Int32 {
    FakeHost.records.withLock { records in
        guard var entry = records[call.id] else { return Int32(PRAX_E_NOT_FOUND) }
        // The record's own: an array that two hold is copied at each event.
        records[call.id]?.record = CallRecord()
        let status = change(&entry.record, entry.host)
        records[call.id] = entry
        return status
    }
}

private func options(_ call: prax_call) -> FakeHost.Options? {
    FakeHost.records.withLock { $0[call.id]?.host.options }
}

/// Takes the bytes from the call's credit, when it suffices.
private func mayEmit(_ call: prax_call, _ bytes: Int) -> Bool {
    FakeHost.records.withLock { records in
        guard let credit = records[call.id]?.creditBytes, credit < .max else { return true }
        guard bytes <= credit else { return false }
        records[call.id]?.creditBytes -= bytes
        return true
    }
}

/// The first end is taken, a second one refused.
private func end(_ call: prax_call, _ change: (inout CallRecord, FakeHost) -> Int32) -> Int32 {
    update(call) { record, host in
        record.ends += 1
        return record.ends > 1 ? Int32(PRAX_E_CONFLICT) : change(&record, host)
    }
}

private func callTable() -> prax_host_call {
    prax_host_call(
        size: UInt32(MemoryLayout<prax_host_call>.size),
        deadline_ns: { options($0)?.deadline ?? 0 },
        is_cancelled: { call in FakeHost.records.withLock { $0[call.id]?.isCancelled } == true ? 1 : 0 },
        on_cancel: nil,
        emit: { call, kind, json in
            update(call) { record, host in
                guard let json = json.json else { return Int32(PRAX_E_INVALID) }
                record.events.append(CallRecord.Event(kind: kind.copy, json: json))
                return host.options.emitStatus
            }
        },
        try_emit: { call, kind, json in
            guard mayEmit(call, json.len) else { return Int32(PRAX_E_WOULD_BLOCK) }
            return update(call) { record, host in
                guard let json = json.json else { return Int32(PRAX_E_INVALID) }
                record.events.append(CallRecord.Event(kind: kind.copy, json: json))
                return host.options.emitStatus
            }
        },
        credit: nil,
        on_credit: { call, function, context in
            let callback = function.map { FakeCallback(function: $0, context: context) }
            FakeHost.records.withLock { $0[call.id]?.onCredit = callback }
            return Int32(PRAX_OK)
        },
        finish: { call, json in
            end(call) { record, host in
                record.result = json.json
                return json.json == nil ? Int32(PRAX_E_INVALID) : host.options.finishStatus
            }
        },
        fail: { call, status, code, message, details, retry in
            end(call) { record, _ in
                record.failure = CallRecord.Failure(
                    status: status,
                    code: code.copy,
                    message: message.copy,
                    details: details.json,
                    retryAfterMilliseconds: retry
                )
                return Int32(PRAX_OK)
            }
        },
        context: { lasting(options($0)?.context ?? "{}") }
    )
}

private func logTable() -> prax_host_log {
    prax_host_log(
        size: UInt32(MemoryLayout<prax_host_log>.size),
        enabled: { $1 >= Int32(PRAX_LOG_INFO) ? 1 : 0 },
        log: { host, call, level, message, fields, count in
            let pairs = UnsafeBufferPointer(start: fields, count: count).map { " \($0.key.copy)=\($0.value.copy)" }
            let line = "\(level) \(message.copy)" + pairs.joined()
            if call.id == 0 {
                FakeHost.of(host)?.lines.withLock { $0.append(line) }
            } else {
                _ = update(call) { record, _ in
                    record.log.append(line)
                    return 0
                }
            }
        }
    )
}

private func configTable() -> prax_host_config {
    prax_host_config(
        size: UInt32(MemoryLayout<prax_host_config>.size),
        get: { host, pointer, sink, context in
            guard let value = FakeHost.of(host)?.options.config[pointer.copy] else { return Int32(PRAX_E_NOT_FOUND) }
            sink?(context, lasting(value))
            return Int32(PRAX_OK)
        },
        secret: { host, name, sink, context in
            guard let value = FakeHost.of(host)?.options.secrets[name.copy] else { return Int32(PRAX_E_NOT_FOUND) }
            value.withUnsafeBufferPointer { sink?(context, prax_bytes(ptr: $0.baseAddress, len: $0.count)) }
            return Int32(PRAX_OK)
        },
        data_dir: { FakeHost.of($0)?.options.dataDirectory.map(lasting) ?? prax_str(ptr: nil, len: 0) }
    )
}
