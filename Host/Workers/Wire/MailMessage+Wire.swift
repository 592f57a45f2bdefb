import PluginRuntime

extension MailMessage {
    func write(to writer: inout WireWriter) {
        writer.integer(timeoutMilliseconds)
        writer.integer(UInt8(clamping: to.count))
        for address in to.prefix(Int(UInt8.max)) { writer.shortText(address) }
        writer.shortText(subject)
        writer.integer(UInt8(html == nil ? 0 : 1))
        writer.longBytes(Array((html ?? "").utf8))
        writer.raw(Array(text.utf8))
    }

    init(_ reader: inout WireReader) throws(WireError) {
        let timeout = try reader.u32()
        var to: [String] = []
        for _ in 0..<(try reader.u8()) { to.append(try reader.shortText()) }
        let subject = try reader.shortText()
        let hasHTML = try reader.u8() != 0
        let html = String(decoding: try reader.longBytes(), as: UTF8.self)
        self.init(
            to: to,
            subject: subject,
            text: String(decoding: reader.remaining(), as: UTF8.self),
            html: hasHTML ? html : nil,
            timeoutMilliseconds: timeout
        )
    }
}
