/// A place in a distributed trace: W3C Trace Context, version 00 (https://www.w3.org/TR/trace-context/).
package struct TraceContext: Sendable, Hashable {
    /// 128 bits, not all zero.
    package let traceID: TraceID
    /// Not zero.
    package let spanID: UInt64
    package let isSampled: Bool
    /// `tracestate` as it came, passed on unread.
    package let state: String?

    package init(traceID: TraceID, spanID: UInt64, isSampled: Bool, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    private static let parentBytes = 55
    /// What the specification asks everybody to pass on at least.
    private static let maxStateBytes = 512

    /// Reads a client's `traceparent` and `tracestate`.
    ///
    /// Nil for what is not of version 00: a trace of its own is begun then. A state that is too long, or no printable
    /// ASCII, is dropped and the rest kept.
    package init?(parent: String, state: String? = nil) {
        var text = parent
        let read = text.withUTF8 { bytes -> (TraceID, UInt64, UInt64)? in
            let dash = UInt8(ascii: "-")
            guard bytes.count == Self.parentBytes, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
                Self.hex(bytes[0..<2]) == 0, let high = Self.hex(bytes[3..<19]), let low = Self.hex(bytes[19..<35]),
                let span = Self.hex(bytes[36..<52]), let flags = Self.hex(bytes[53..<55]), span != 0,
                high != 0 || low != 0
            else { return nil }
            return (TraceID(high: high, low: low), span, flags)
        }
        guard let (traceID, spanID, flags) = read else { return nil }
        let isKept = state.map { state in
            1...Self.maxStateBytes ~= state.utf8.count && state.utf8.allSatisfy { 0x20...0x7E ~= $0 }
        }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1, state: isKept == true ? state : nil)
    }

    /// Lower case alone, as the specification has it.
    private static func hex(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard let nibble = nibble(digit) else { return nil }
            value = value << 4 | nibble
        }
        return value
    }

    static func nibble(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    /// The `traceparent` that says: this span is your parent.
    package var parent: String {
        String(unsafeUninitializedCapacity: Self.parentBytes) { bytes in
            Self.write(0, digits: 2, to: bytes, at: 0)
            bytes[2] = UInt8(ascii: "-")
            Self.write(traceID.high, digits: 16, to: bytes, at: 3)
            Self.write(traceID.low, digits: 16, to: bytes, at: 19)
            bytes[35] = UInt8(ascii: "-")
            Self.write(spanID, digits: 16, to: bytes, at: 36)
            bytes[52] = UInt8(ascii: "-")
            Self.write(isSampled ? 1 : 0, digits: 2, to: bytes, at: 53)
            return Self.parentBytes
        }
    }

    package static func hexText(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { bytes in
            write(value, digits: 16, to: bytes, at: 0)
            return 16
        }
    }

    private static func write(_ value: UInt64, digits: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, at place: Int)
    {
        for digit in 0..<digits {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - digit))) & 0xF
            bytes[place + digit] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        }
    }
}

/// The 128 bits that all spans of one trace share.
package struct TraceID: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 hexadecimal digits.
    package var text: String { TraceContext.hexText(high) + TraceContext.hexText(low) }
}
