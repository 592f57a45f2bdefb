import PluginRuntime

/// A call on its way to a worker; the parameters stand at the payload's end or in a memory file.
struct CallMessage {
    let deadline: UInt64
    let windowBytes: UInt32
    let operation: String
    let requestID: String
    let keyID: String?

    /// Everything but the parameters.
    func encoded() -> [UInt8] {
        var writer = WireWriter(reserving: 128)
        writer.integer(deadline)
        writer.integer(windowBytes)
        writer.shortText(operation)
        writer.shortText(requestID)
        writer.shortText(keyID ?? "")
        return writer.bytes
    }

    /// Leaves the reader where the parameters begin.
    init(_ reader: inout WireReader) throws(WireError) {
        deadline = try reader.u64()
        windowBytes = try reader.u32()
        operation = try reader.shortText()
        requestID = try reader.shortText()
        let key = try reader.shortText()
        keyID = key.isEmpty ? nil : key
    }

    init(_ call: SkillCall, deadline: UInt64, windowBytes: Int) {
        self.deadline = deadline
        self.windowBytes = UInt32(clamping: windowBytes)
        operation = call.operation
        requestID = call.context.requestID
        keyID = call.context.keyID
    }

    var context: CallContext { CallContext(requestID: requestID, keyID: keyID) }
}

extension CallEvent {
    func encodedForWire() -> [UInt8] {
        var writer = WireWriter(reserving: json.count + 16)
        writer.shortText(kind)
        writer.raw(json)
        return writer.bytes
    }

    init(wireBytes: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(wireBytes)
        let kind = try reader.shortText()
        self.init(kind: kind, json: Array(reader.remaining()))
    }
}
