import Core
import Logging
import PluginRuntime
import PraximousJSON
import Sandbox
import Testing

@testable import Workers

/// A message as bytes, and what it says once it has been read back.
struct MessageCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    /// Whether a prefix of the bytes may be a message as well, because its end is free.
    var mayBeCut = false
    let says: String
    let read: @Sendable (UnsafeRawBufferPointer) throws(WireError) -> String
}

@Suite("Messages on the wire") struct MessageTests {
    static let cases: [MessageCase] = requests + responses + others

    @Test("say on the other side what was put in", arguments: cases)
    func equal(_ message: MessageCase) throws {
        #expect(try decoded(message.bytes, message.read).get() == message.says)
    }

    @Test("that were cut anywhere are refused and never read beyond their end", arguments: cases)
    func cut(_ message: MessageCase) {
        for count in 0..<message.bytes.count {
            // In memory of exactly that size, so that the address sanitizer sees what is read behind it.
            let result = decoded(Array(message.bytes[..<count]), message.read)
            if case .success(let text) = result { #expect(message.mayBeCut, "\(count) bytes: \(text)") }
        }
    }

    @Test("with one byte changed are another message or an error", arguments: cases)
    func changed(_ message: MessageCase) {
        for position in message.bytes.indices {
            for bit in 0..<8 {
                var bytes = message.bytes
                bytes[position] ^= 1 << UInt8(bit)
                _ = decoded(bytes, message.read)
            }
        }
    }

    @Test("of random bytes are an error or a message, in twenty thousand rounds each", arguments: cases)
    func random(_ message: MessageCase) {
        var numbers = SeededNumbers(seed: 11)
        for _ in 0..<20_000 {
            var bytes = Array(message.bytes.prefix(Int.random(in: 0...8, using: &numbers)))
            for _ in 0..<Int.random(in: 0...40, using: &numbers) { bytes.append(.random(in: 0...255, using: &numbers)) }
            _ = decoded(bytes, message.read)
        }
    }

    @Test("with bytes behind their end are refused where the end is not free")
    func tooLong() {
        for request: HostRequest in [
            .secret(name: "A"), .value(key: [1]), .cancel(7), .remove(key: []), .keys(prefix: []),
        ] {
            let result = decoded(request.encoded() + [0]) { bytes throws(WireError) in try HostRequest(bytes) }
            guard case .failure(let error) = result else {
                Issue.record("\(request) with a byte more")
                continue
            }
            #expect(error.description == "1 bytes too many in a payload")
        }
    }

    @Test("of failures from a worker cannot upset whoever reckons with them")
    func failureLimits() throws {
        let bytes = Array(
            #"{"kind":"unauthenticated","code":"c","message":"m","retry_after_ms":9223372036854775807}"#.utf8
        )
        let failure = try decoded(bytes) { bytes throws(WireError) in try Failure(wireBytes: bytes) }.get()
        #expect(failure == Failure(.denied, code: "c", message: "m", retryAfterMilliseconds: 4_294_967_295))
        let negative = Array(#"{"kind":"busy","code":"c","message":"m","retry_after_ms":-5}"#.utf8)
        let other = try decoded(negative) { bytes throws(WireError) in try Failure(wireBytes: bytes) }.get()
        #expect(other.retryAfterMilliseconds == 0)
        let long = Failure(
            .busy,
            code: String(repeating: "c", count: 100),
            message: "m" + String(repeating: "\u{301}", count: 50_000),
            hint: String(repeating: "h", count: 5000)
        )
        let cut = try decoded(long.wireBytes) { bytes throws(WireError) in try Failure(wireBytes: bytes) }.get()
        #expect(cut.code == "plugin_failed")
        #expect([cut.message.utf8.count, cut.hint?.utf8.count] == [32_767, 1024])
    }

    @Test("of more headers or labels than a count holds are cut, not garbled")
    func longLists() throws {
        let headers = (0..<70_000).map { (name: "n\($0)", value: "v") }
        let request = HTTPExchangeRequest(
            method: "GET",
            url: "u",
            headers: headers,
            body: [7],
            timeoutMilliseconds: 1,
            firstByteMilliseconds: 2,
            idleMilliseconds: 3
        )
        let read = try decoded(HostRequest.exchange(call: 1, request).encoded()) { bytes throws(WireError) in
            try HostRequest(bytes)
        }.get()
        guard case .exchange(1, let exchange) = read else {
            Issue.record("\(read)")
            return
        }
        #expect(exchange.headers.count == 65_535)
        #expect(exchange.body == [7])
        let metric = MetricDefinition(name: "m", kind: .gauge, labels: (0..<300).map { "l\($0)" })
        let labels = try decoded(HostRequest.metric(metric).encoded()) { bytes throws(WireError) in
            try HostRequest(bytes)
        }.get()
        #expect(say(labels).hasSuffix("\"l254\"]"))
    }

    @Test("agree on the newest generation that both sides speak")
    func generations() {
        #expect(HelloMessage.common([1], [1]) == 1)
        #expect(HelloMessage.common([1, 2, 3], [2, 1, 7]) == 2)
        #expect(HelloMessage.common([1], [2]) == nil)
        #expect(HelloMessage.common([1], []) == nil)
    }
}
