/// The spans of one request: its own, and one for each time that a provider is asked.
///
/// Where the client brings no trace, the request's id is the trace's, so that either leads to the other; and since the
/// id is random, the spans' ids follow from it and nothing has to be drawn.
package struct RequestTrace: Sendable, Hashable {
    package let traceID: TraceID
    /// The client's span; nil where the trace begins here.
    package let parentSpanID: UInt64?
    package let spanID: UInt64
    /// Whether the request's spans are exported.
    package let isSampled: Bool
    private let state: String?
    private let seed: UInt64

    /// `parentRequestID` is the request whose trace this one belongs to where no client has begun it, such as that of the
    /// plugin that asks.
    ///
    /// `sample` is the part of the traces begun here that is exported, 0...1, all of a trace or nothing; what a client
    /// has begun is its choice, as long as anything is exported at all.
    package init(requestID: String, parentRequestID: String? = nil, client: TraceContext?, sample: Double) {
        let id = Self.identifier(of: requestID)
        let root = parentRequestID.map(Self.identifier) ?? id
        seed = Self.seed(of: id)
        traceID = client?.traceID ?? root
        parentSpanID = client?.spanID
        state = client?.state
        spanID = Self.spanID(seed, 0)
        let chance = Double(Self.spanID(Self.seed(of: root), .max - 1) >> 11) / Double(UInt64(1) << 53)
        isSampled = sample > 0 && (client?.isSampled ?? (chance < sample))
    }

    /// The span of an attempt, from 1.
    package func spanID(ofAttempt number: Int) -> UInt64 {
        Self.spanID(seed, UInt64(truncatingIfNeeded: number))
    }

    /// What the provider hears.
    package func context(ofAttempt number: Int) -> TraceContext {
        TraceContext(traceID: traceID, spanID: spanID(ofAttempt: number), isSampled: isSampled, state: state)
    }

    private static func seed(of id: TraceID) -> UInt64 { id.low ^ id.high &* 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64, whose outputs differ for different inputs.
    private static func spanID(_ seed: UInt64, _ number: UInt64) -> UInt64 {
        var value = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return value == 0 ? 1 : value
    }

    /// The UUID's digits; of an id that is none, a hash.
    private static func identifier(of requestID: String) -> TraceID {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for byte in requestID.utf8 where byte != UInt8(ascii: "-") {
            guard let nibble = TraceContext.nibble(byte) else {
                digits = 0
                break
            }
            high = high << 4 | low >> 60
            low = low << 4 | nibble
            digits += 1
        }
        if digits != 32 {
            low = requestID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            high = ~low
        }
        return TraceID(high: high, low: high == 0 && low == 0 ? 1 : low)
    }
}
