package import PraximousPlugin

/// Cuts a body that comes in pieces into lines, so that any cutting of the pieces gives the same lines.
///
/// A line is at most `maxLineBytes`; what is carried from piece to piece is bounded by that.
package struct LineReader: Sendable {
    /// Which bytes end a line.
    package enum Ending: Sendable {
        /// LF alone, as NDJSON has it: a CR is white space of JSON.
        case lineFeed
        /// CR, LF, or both, as server-sent events have it.
        case any
    }

    package static let maxLineBytes = 1 << 20
    /// What is kept of a buffer for the next line: a long one is rare, and a stream may stand still for long after it.
    static let maxSpareBytes = 4 << 10

    private let ending: Ending
    private var partial: [UInt8] = []
    /// A CR has just ended a line; the LF of the pair may be yet to come.
    private var skipsLineFeed = false

    package init(_ ending: Ending) { self.ending = ending }

    /// Hands each whole line, without its end, to `line`, which borrows it.
    package mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ line: (UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        var start = 0
        var position = 0
        while position < piece.count {
            let byte = piece[position]
            if byte == 0x0A, skipsLineFeed, position == start {
                skipsLineFeed = false
                start = position + 1
            } else if byte == 0x0A || byte == 0x0D && ending == .any {
                skipsLineFeed = byte == 0x0D
                try end(UnsafeBufferPointer(rebasing: piece[start..<position]), line)
                start = position + 1
            } else if position == start {
                skipsLineFeed = false
            }
            position += 1
        }
        try carry(UnsafeBufferPointer(rebasing: piece[start...]))
    }

    /// Hands over what came after the last line's end; nothing when there is nothing.
    package mutating func finish(
        _ line: (UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        guard !partial.isEmpty else { return }
        try end(UnsafeBufferPointer(start: nil, count: 0), line)
    }

    private mutating func end(
        _ rest: UnsafeBufferPointer<UInt8>,
        _ line: (UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        guard !partial.isEmpty else {
            if rest.count > Self.maxLineBytes { throw .lineTooLong }
            return try line(rest)
        }
        try carry(rest)
        let whole = partial
        partial.removeAll(keepingCapacity: partial.count <= Self.maxSpareBytes)
        let outcome = whole.withUnsafeBufferPointer { whole in
            Result { () throws(SkillFailure) in try line(whole) }
        }
        try outcome.get()
    }

    private mutating func carry(_ bytes: UnsafeBufferPointer<UInt8>) throws(SkillFailure) {
        if partial.count + bytes.count > Self.maxLineBytes { throw .lineTooLong }
        partial.append(contentsOf: bytes)
    }
}

extension SkillFailure {
    static let lineTooLong = SkillFailure.badAnswer("sent a line of more than \(LineReader.maxLineBytes) bytes")
}
