import Logging
import PluginRuntime

/// A plugin's line for the host's log.
struct LogMessage {
    static let maxBytes = 8192
    private static let maxFields = 40

    let level: Logger.Level
    let text: String
    let fields: [(key: String, value: String)]

    init(level: Logger.Level, text: String, fields: [(key: String, value: String)]) {
        self.level = level
        self.text = text
        self.fields = fields
    }

    func encoded() -> [UInt8] {
        var writer = WireWriter(reserving: 256)
        writer.integer(UInt8(Logger.Level.allCases.firstIndex(of: level) ?? 0))
        writer.shortText(text)
        writer.integer(UInt8(min(fields.count, Self.maxFields)))
        for field in fields.prefix(Self.maxFields) {
            writer.shortText(field.key)
            writer.shortText(field.value)
        }
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(payload)
        let number = Int(try reader.u8())
        guard Logger.Level.allCases.indices.contains(number) else { throw WireError("a log level \(number)") }
        let text = try reader.shortText().cut(toBytes: Self.maxBytes)
        let count = Int(try reader.u8())
        guard count <= Self.maxFields else { throw WireError("a log line with \(count) fields") }
        var fields: [(key: String, value: String)] = []
        for _ in 0..<count {
            let key = try reader.shortText().cut(toBytes: 64)
            fields.append((key, try reader.shortText().cut(toBytes: 1024)))
        }
        self.init(level: Logger.Level.allCases[number], text: text, fields: fields)
    }
}

/// One observation of a plugin's metric.
struct MetricMessage {
    let metric: Int32
    let value: Double
    let labels: [String]

    init(metric: Int32, value: Double, labels: [String]) {
        self.metric = metric
        self.value = value
        self.labels = labels
    }

    func encoded() -> [UInt8] {
        var writer = WireWriter()
        writer.integer(metric)
        writer.double(value)
        writer.integer(UInt8(clamping: labels.count))
        for label in labels.prefix(255) { writer.shortText(label) }
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(payload)
        let (metric, value) = (try reader.i32(), try reader.f64())
        var labels: [String] = []
        for _ in 0..<(try reader.u8()) { labels.append(try reader.shortText().cut(toBytes: 256)) }
        self.init(metric: metric, value: value, labels: labels)
    }
}
