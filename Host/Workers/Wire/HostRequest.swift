import PluginRuntime

/// What a plugin in a worker asks of the host.
enum HostRequest {
    /// What needs no call.
    case secret(name: String)
    case value(key: [UInt8])
    case put(key: [UInt8], value: [UInt8], expectedRevision: UInt64, timeToLiveSeconds: UInt32)
    case remove(key: [UInt8])
    case keys(prefix: [UInt8])
    case metric(MetricDefinition)
    /// On behalf of the call with this number.
    case invoke(call: UInt32, target: String, wantsEvents: Bool, request: [UInt8])
    case exchange(call: UInt32, HTTPExchangeRequest)
    case mail(call: UInt32, MailMessage)
    /// About an invocation or exchange, by the number of the request that started it.
    case cancel(UInt32)
    case pause(UInt32)
    case resume(UInt32)

    private enum Word: UInt8 {
        case secret = 1, value, put, remove, keys, metric, invoke, exchange, cancel, pause, resume, mail
    }

    func encoded() -> [UInt8] {
        var writer = WireWriter()
        switch self {
        case .secret(let name):
            writer.integer(Word.secret.rawValue)
            writer.shortText(name)
        case .value(let key): Self.write(.value, key, &writer)
        case .put(let key, let value, let revision, let seconds):
            Self.write(.put, key, &writer)
            writer.integer(revision)
            writer.integer(seconds)
            writer.raw(value)
        case .remove(let key): Self.write(.remove, key, &writer)
        case .keys(let prefix): Self.write(.keys, prefix, &writer)
        case .metric(let definition): Self.write(definition, &writer)
        case .invoke(let call, let target, let wantsEvents, let request):
            writer.integer(Word.invoke.rawValue)
            writer.integer(call)
            writer.integer(UInt8(wantsEvents ? 1 : 0))
            writer.shortText(target)
            writer.raw(request)
        case .exchange(let call, let request):
            writer.integer(Word.exchange.rawValue)
            writer.integer(call)
            request.write(to: &writer)
        case .mail(let call, let message):
            writer.integer(Word.mail.rawValue)
            writer.integer(call)
            message.write(to: &writer)
        case .cancel(let number): Self.write(.cancel, number, &writer)
        case .pause(let number): Self.write(.pause, number, &writer)
        case .resume(let number): Self.write(.resume, number, &writer)
        }
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(payload)
        let number = try reader.u8()
        guard let word = Word(rawValue: number) else { throw WireError("a request for service \(number)") }
        switch word {
        case .secret: self = .secret(name: try reader.shortText())
        case .value: self = .value(key: Array(try reader.longBytes()))
        case .put:
            let key = Array(try reader.longBytes())
            let (revision, seconds) = (try reader.u64(), try reader.u32())
            self = .put(
                key: key,
                value: Array(reader.remaining()),
                expectedRevision: revision,
                timeToLiveSeconds: seconds
            )
        case .remove: self = .remove(key: Array(try reader.longBytes()))
        case .keys: self = .keys(prefix: Array(try reader.longBytes()))
        case .metric: self = .metric(try Self.metric(&reader))
        case .invoke:
            let (call, wantsEvents) = (try reader.u32(), try reader.u8() != 0)
            let target = try reader.shortText()
            self = .invoke(call: call, target: target, wantsEvents: wantsEvents, request: Array(reader.remaining()))
        case .exchange: self = .exchange(call: try reader.u32(), try HTTPExchangeRequest(&reader))
        case .cancel: self = .cancel(try reader.u32())
        case .pause: self = .pause(try reader.u32())
        case .resume: self = .resume(try reader.u32())
        case .mail: self = .mail(call: try reader.u32(), try MailMessage(&reader))
        }
        try reader.finish()
    }

    private static func write(_ word: Word, _ key: [UInt8], _ writer: inout WireWriter) {
        writer.integer(word.rawValue)
        writer.longBytes(key)
    }

    private static func write(_ word: Word, _ number: UInt32, _ writer: inout WireWriter) {
        writer.integer(word.rawValue)
        writer.integer(number)
    }

    private static func write(_ definition: MetricDefinition, _ writer: inout WireWriter) {
        writer.integer(Word.metric.rawValue)
        writer.integer(UInt8(truncatingIfNeeded: definition.kind.rawValue))
        writer.shortText(definition.name)
        writer.integer(UInt8(clamping: definition.labels.count))
        for label in definition.labels.prefix(Int(UInt8.max)) { writer.shortText(label) }
    }

    private static func metric(_ reader: inout WireReader) throws(WireError) -> MetricDefinition {
        let number = try reader.u8()
        guard let kind = MetricDefinition.Kind(rawValue: Int32(number)) else {
            throw WireError("a metric of kind \(number)")
        }
        let name = try reader.shortText()
        var labels: [String] = []
        for _ in 0..<(try reader.u8()) { labels.append(try reader.shortText()) }
        return MetricDefinition(name: name, kind: kind, labels: labels)
    }
}

extension HTTPExchangeRequest {
    fileprivate func write(to writer: inout WireWriter) {
        writer.shortText(method)
        writer.shortText(url)
        writer.integer(timeoutMilliseconds)
        writer.integer(firstByteMilliseconds)
        writer.integer(idleMilliseconds)
        writer.integer(UInt16(clamping: headers.count))
        for header in headers.prefix(Int(UInt16.max)) {
            writer.shortText(header.name)
            writer.shortText(header.value)
        }
        writer.raw(body)
    }

    fileprivate init(_ reader: inout WireReader) throws(WireError) {
        let (method, url) = (try reader.shortText(), try reader.shortText())
        let (timeout, firstByte, idle) = (try reader.u32(), try reader.u32(), try reader.u32())
        var headers: [(name: String, value: String)] = []
        for _ in 0..<(try reader.u16()) { headers.append((try reader.shortText(), try reader.shortText())) }
        self.init(
            method: method,
            url: url,
            headers: headers,
            body: Array(reader.remaining()),
            timeoutMilliseconds: timeout,
            firstByteMilliseconds: firstByte,
            idleMilliseconds: idle
        )
    }
}
