import PraximousPlugin
import ProviderKit
import Testing

@Suite("Server-sent events")
struct EventReaderTests {
    private struct Event: Equatable, CustomStringConvertible {
        let name: String
        let data: String

        var description: String { "\(name)|\(data)" }
    }

    private static func events(_ pieces: [[UInt8]]) throws -> [Event] {
        var reader = ServerSentEventReader()
        var events: [Event] = []
        for piece in pieces {
            try piece.withUnsafeBufferPointer { piece in
                try reader.read(piece) { name, data in
                    events.append(
                        Event(name: String(decoding: name, as: UTF8.self), data: String(decoding: data, as: UTF8.self))
                    )
                }
            }
        }
        return events
    }

    private static let hostile =
        "\u{FEFF}data: one\r\n\r\n: a comment\ndata:two\rdata: lines\r\revent: error\r\ndata:  three\r\n\r\n"
        + "id: 7\nretry: 10\n\ndata\n\ndatax: no\n\ndata: {\"é\": \"😀\"}\n\n\n\ndata: cut off"
    private static let expected = [
        "|one", "|two\nlines", "error| three", "|", "|{\"é\": \"😀\"}",
    ]

    @Test("are read with every line ending, names, comments and several lines of data")
    func wholeBody() throws {
        #expect(try Self.events([Array(Self.hostile.utf8)]).map(\.description) == Self.expected)
    }

    @Test("are the same wherever the body is cut")
    func everyCut() throws {
        let bytes = Array(Self.hostile.utf8)
        for cut in 0...bytes.count {
            let events = try Self.events([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(events.map(\.description) == Self.expected, "cut at \(cut)")
        }
        #expect(try Self.events(bytes.map { [$0] }).map(\.description) == Self.expected)
        for width in [2, 3, 5, 7] {
            let pieces = stride(from: 0, to: bytes.count, by: width).map { start in
                Array(bytes[start..<min(start + width, bytes.count)])
            }
            #expect(try Self.events(pieces).map(\.description) == Self.expected, "pieces of \(width)")
        }
    }

    @Test("may not be longer than a mebibyte, in one line or in many")
    func tooLong() throws {
        let line = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: SkillFailure.self) { try Self.events([Array("data: ".utf8) + line, line + line]) }
        #expect(throws: SkillFailure.self) { try Self.events([Array("data: ".utf8) + line + [0x0A]]) }
        let half = Array("data: ".utf8) + line.prefix(600_000) + [0x0A]
        #expect(try Self.events([half, [0x0A], half, [0x0A]]).count == 2)
        #expect(throws: SkillFailure.self) { try Self.events([half + half + [0x0A]]) }
    }
}

@Suite("Lines of JSON")
struct LineReaderTests {
    private static func lines(_ pieces: [String]) throws -> [String] {
        var reader = LineReader(.lineFeed)
        var lines: [String] = []
        for piece in pieces {
            try Array(piece.utf8).withUnsafeBufferPointer { bytes in
                try reader.read(bytes) { lines.append(String(decoding: $0, as: UTF8.self)) }
            }
        }
        try reader.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }

    @Test("end with a line feed alone, and the last one may go without")
    func lineFeeds() throws {
        #expect(try Self.lines(["{\"a\":\r1}\n\n", "{", "}\r\n", "[", "]"]) == ["{\"a\":\r1}", "", "{}\r", "[]"])
        #expect(try Self.lines([]) == [])
    }
}
