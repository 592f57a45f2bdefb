import Testing

@testable import Workers

@Suite("Frames in a stream of bytes") struct FrameDecoderTests {
    static let frames = [
        CopiedFrame(kind: .hello, number: 0, payload: Array("{}".utf8)),
        CopiedFrame(kind: .bye),
        CopiedFrame(kind: .end, flags: 2, number: 4_294_967_295, payload: Array("abc".utf8)),
        CopiedFrame(kind: .event, flags: 1, number: 7, payload: [0]),
    ]

    static let bytes: [UInt8] = [
        2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D,
        0, 0, 0, 0, 51, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 0, 0, 13, 2, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x61, 0x62, 0x63,
        1, 0, 0, 0, 11, 1, 0, 0, 7, 0, 0, 0, 0,
    ]

    @Test("are found wherever the stream is cut", arguments: 1...60)
    func pieces(size: Int) throws {
        var decoder = FrameDecoder()
        #expect(try decoder.feed(Self.bytes, inPiecesOf: size) == Self.frames)
    }

    @Test("are found whichever byte begins the second read", arguments: 0...54)
    func cut(at place: Int) throws {
        var decoder = FrameDecoder()
        let first = try decoder.feed(Array(Self.bytes[..<place]))
        #expect(try first + decoder.feed(Array(Self.bytes[place...])) == Self.frames)
    }

    @Test("come out of one read by the thousand, and in the order they went in")
    func many() throws {
        var bytes: [UInt8] = []
        for number in 0..<50_000 { bytes += frameBytes(11, number: UInt32(number), [1, 2, 3]) }
        var decoder = FrameDecoder()
        let frames = try decoder.feed(bytes)
        #expect(frames.map(\.number) == Array(0..<50_000))
    }

    @Test("may be as large as a mebibyte, in pieces of any size", arguments: [1000, 65_536, 65_537, 2 << 20])
    func largest(size: Int) throws {
        let payload = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var decoder = FrameDecoder()
        let frames = try decoder.feed(frameBytes(13, payload) + frameBytes(14, [9]), inPiecesOf: size)
        #expect(frames.map(\.kind) == [.end, .cancel])
        #expect(frames[0].payload == payload)
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let error: String
    }

    static let lies = [
        Lie(
            testDescription: "4 GiB",
            bytes: frameBytes(13, length: .max),
            error: "a frame of 4294967295 bytes, at most 1048576 are allowed"
        ),
        Lie(
            testDescription: "1 MiB + 1",
            bytes: frameBytes(13, length: 1_048_577),
            error: "a frame of 1048577 bytes, at most 1048576 are allowed"
        ),
        Lie(testDescription: "kind 0", bytes: frameBytes(0), error: "a frame of unknown kind 0"),
        Lie(testDescription: "kind 6", bytes: frameBytes(6), error: "a frame of unknown kind 6"),
        Lie(testDescription: "kind 255", bytes: frameBytes(255), error: "a frame of unknown kind 255"),
        Lie(
            testDescription: "reserved",
            bytes: frameBytes(13, reserved: [1, 0]),
            error: "a frame header that is not one"
        ),
        Lie(
            testDescription: "reserved",
            bytes: frameBytes(13, reserved: [0, 9]),
            error: "a frame header that is not one"
        ),
    ]

    @Test("whose header lies end the conversation, for good", arguments: lies)
    func refused(_ lie: Lie) {
        var decoder = FrameDecoder()
        var errors: [String] = []
        do { _ = try decoder.feed(frameBytes(50) + lie.bytes) } catch { errors.append(error.description) }
        do { _ = try decoder.next() } catch { errors.append(error.description) }
        #expect(errors == [lie.error, lie.error])
    }

    @Test("ask for no more room than a frame needs, whatever a header claims")
    func room() throws {
        var decoder = FrameDecoder()
        for round in 0..<2000 {
            #expect(decoder.room().count <= (1 << 20) + (192 << 10))
            // A large frame of which little comes at a time, then many small ones.
            let frame = frameBytes(13, [UInt8](repeating: 1, count: round % 40 == 0 ? 1 << 20 : round))
            _ = try decoder.feed(frame, inPiecesOf: 40_000)
        }
    }

    @Test("of random bytes are an error or nothing, in a hundred thousand rounds")
    func random() {
        var numbers = SeededNumbers(seed: 3)
        var found = 0
        for _ in 0..<100_000 {
            var decoder = FrameDecoder()
            var bytes: [UInt8] = []
            // Half of them begin as a frame would.
            if Bool.random(using: &numbers) {
                let length = UInt32.random(in: 0...40, using: &numbers)
                bytes = frameBytes(FrameKind.allCases.randomElement(using: &numbers)?.rawValue ?? 1, length: length)
            }
            for _ in 0..<Int.random(in: 0...60, using: &numbers) { bytes.append(.random(in: 0...255, using: &numbers)) }
            let size = Int.random(in: 1...20, using: &numbers)
            do { found += try decoder.feed(bytes, inPiecesOf: size).count } catch {}
        }
        #expect(found > 9000)
    }
}
