import Core
import PluginRuntime

/// What the host answers to a host request: any number of parts and, last, how it ended.
enum HostResponse {
    /// The invocation or exchange has begun; without it the end says why not.
    case started
    case event(CallEvent)
    case head(status: Int32, headers: [(name: String, value: String)])
    case body([UInt8])
    /// 0 or one of PRAX_E_*; the payload is the value, the list or the outcome that was asked for, or the reason.
    case end(status: Int32, payload: [UInt8])

    private enum Word: UInt8 {
        case started = 1, event, head, body, end
    }

    func encoded() -> [UInt8] {
        var writer = WireWriter()
        switch self {
        case .started: writer.integer(Word.started.rawValue)
        case .event(let event):
            writer.integer(Word.event.rawValue)
            writer.raw(event.encodedForWire())
        case .head(let status, let headers):
            writer.integer(Word.head.rawValue)
            writer.integer(status)
            writer.integer(UInt16(clamping: headers.count))
            for header in headers.prefix(Int(UInt16.max)) {
                writer.shortText(header.name)
                writer.shortText(header.value)
            }
        case .body(let bytes):
            writer.integer(Word.body.rawValue)
            writer.raw(bytes)
        case .end(let status, let payload):
            writer.integer(Word.end.rawValue)
            writer.integer(status)
            writer.raw(payload)
        }
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(payload)
        let number = try reader.u8()
        guard let word = Word(rawValue: number) else { throw WireError("a response part \(number)") }
        switch word {
        case .started: self = .started
        case .event: self = .event(try CallEvent(wireBytes: reader.remaining()))
        case .head:
            let status = try reader.i32()
            var headers: [(name: String, value: String)] = []
            for _ in 0..<(try reader.u16()) { headers.append((try reader.shortText(), try reader.shortText())) }
            self = .head(status: status, headers: headers)
        case .body: self = .body(Array(reader.remaining()))
        case .end:
            let status = try reader.i32()
            self = .end(status: status, payload: Array(reader.remaining()))
        }
    }
}

extension CallOutcome {
    /// As the payload of an invocation's end: one byte, then the result or the failure.
    var wireBytes: [UInt8] {
        switch self {
        case .result(let bytes): [0] + bytes
        case .failure(let failure): [1] + failure.wireBytes
        }
    }

    init(wireBytes: [UInt8]) throws(WireError) {
        guard let first = wireBytes.first else { throw WireError("an outcome of no bytes") }
        if first == 0 {
            self = .result(Array(wireBytes.dropFirst()))
        } else {
            let bytes = Array(wireBytes.dropFirst())
            let failure = bytes.withUnsafeBytes { raw in
                Result { () throws(WireError) in try Failure(wireBytes: raw) }
            }
            self = .failure(try failure.get())
        }
    }
}
