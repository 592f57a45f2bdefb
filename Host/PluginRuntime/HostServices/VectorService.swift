import CPraximous
import Core

/// `prax.host.vector/1`: results that are too many numbers to be JSON.
enum VectorService {
    static let maxDimensions: UInt32 = 16_384
    /// Of one event; more vectors than fit are several events.
    static let maxEventBytes = 4 << 20

    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_vector> = {
        let table = UnsafeMutablePointer<prax_host_vector>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_vector(
                size: UInt32(MemoryLayout<prax_host_vector>.size),
                emit_vectors: { call, values, dimensions, count in emit(call, values, dimensions, count) },
                // Of the stores of vectors, which this host does not serve.
                emit_hit: { _, _, _, _ in status(PRAX_E_UNSUPPORTED) }
            )
        )
        return UnsafePointer(table)
    }()

    private static func emit(
        _ call: prax_call,
        _ values: UnsafePointer<Float>?,
        _ dimensions: UInt32,
        _ count: Int
    ) -> prax_status {
        guard 1...maxDimensions ~= dimensions, count >= 0, values != nil || count == 0 else {
            return status(PRAX_E_INVALID)
        }
        let (total, isOverflow) = count.multipliedReportingOverflow(by: Int(dimensions))
        guard !isOverflow, total <= Int.max / 8 else { return status(PRAX_E_TOO_LARGE) }
        let all = UnsafeBufferPointer(start: values, count: total)
        let step = max(1, maxEventBytes / (Int(dimensions) * MemoryLayout<Float>.size)) * Int(dimensions)
        var at = 0
        while at < total {
            let piece = UnsafeBufferPointer(rebasing: all[at..<min(total, at + step)])
            let emitted = CallService.emit(call, mayBlock: true) {
                // JSON has no words for the others, and nothing is near them.
                guard piece.allSatisfy(\.isFinite) else { return nil }
                return VectorEvent(dimensions: Int(dimensions), values: piece).event
            }
            guard emitted == status(PRAX_OK) else { return emitted }
            at += piece.count
        }
        return status(PRAX_OK)
    }
}
