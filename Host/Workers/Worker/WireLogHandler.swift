import Logging

/// Sends what a worker's plugin logs to the host, which decides what becomes of it.
struct WireLogHandler: LogHandler {
    let outbox: WorkerOutbox
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [(key: String, value: String)] = []
        // The host puts the plugin's name there itself.
        for (key, value) in event.metadata ?? [:] where key != "plugin" { fields.append((key, "\(value)")) }
        let message = LogMessage(level: event.level, text: "\(event.message)", fields: fields)
        // A plugin's own fields are prefixed, so it cannot forge this one.
        let isMisbehaviour = fields.contains { $0.key == "what" }
        outbox.post(
            .log,
            flags: isMisbehaviour ? .misbehaviour : [],
            head: message.encoded(),
            urgency: isMisbehaviour ? .now : .soon
        )
    }
}
