/// Puts messages together that came in several frames.
struct MessageAssembler {
    private struct Key: Hashable {
        let kind: FrameKind
        let number: UInt32
    }

    /// All unfinished messages of one connection together.
    private static let maxUnfinishedBytes = 64 << 20
    /// So many messages may be under way at once: each costs memory, however little has come of it.
    private static let maxUnfinishedMessages = 1024

    private var parts: [Key: [UInt8]] = [:]
    private var unfinishedBytes = 0

    /// Runs `body` with the whole message once its last frame is here.
    ///
    /// A message of one frame is lent as it came.
    mutating func take(
        _ frame: Frame,
        _ body: (UnsafeRawBufferPointer) throws(WireError) -> Void
    ) throws(WireError) {
        let isLast = !frame.flags.contains(.more)
        if isLast, parts.isEmpty { return try body(frame.payload) }
        let key = Key(kind: frame.kind, number: frame.number)
        guard !isLast || parts[key] != nil else { return try body(frame.payload) }
        guard parts[key] != nil || parts.count < Self.maxUnfinishedMessages else {
            throw WireError("more than \(Self.maxUnfinishedMessages) unfinished messages")
        }
        parts[key, default: []].append(contentsOf: frame.payload)
        unfinishedBytes += frame.payload.count
        let count = parts[key]?.count ?? 0
        guard count <= Wire.maxMessageBytes, unfinishedBytes <= Self.maxUnfinishedBytes else {
            throw WireError("a message of more than \(Wire.maxMessageBytes) bytes")
        }
        guard isLast, let whole = parts.removeValue(forKey: key) else { return }
        unfinishedBytes -= whole.count
        try whole.withUnsafeBytes { bytes in Result { () throws(WireError) in try body(bytes) } }.get()
    }

    /// Forgets what came of a message whose end nobody waits for.
    mutating func drop(_ kind: FrameKind, _ number: UInt32) {
        if let dropped = parts.removeValue(forKey: Key(kind: kind, number: number)) { unfinishedBytes -= dropped.count }
    }
}
