import Core
import Testing

@Suite("The trace of a client") struct TraceContextTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("is read as W3C writes it, and written the same")
    func read() throws {
        let context = try #require(TraceContext(parent: Self.parent, state: "congo=t61rcWkgMzE"))
        #expect(context.traceID == TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736))
        #expect(context.spanID == 0x00f0_67aa_0ba9_02b7)
        #expect(context.isSampled)
        #expect(context.state == "congo=t61rcWkgMzE")
        #expect(context.parent == Self.parent)
        #expect(context.traceID.text == "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test(
        "is not taken up when it is not of version 00",
        arguments: [
            "", "00", parent + "-", parent.uppercased(), "01" + parent.dropFirst(2), "ff" + parent.dropFirst(2),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0é",
        ]
    )
    func refused(_ text: String) { #expect(TraceContext(parent: text) == nil) }

    @Test(
        "is taken up without a state that cannot be passed on",
        arguments: ["", "a=b\r\nX: y", String(repeating: "x", count: 513), "ä=1"]
    )
    func state(_ text: String) throws {
        let context = try #require(TraceContext(parent: Self.parent, state: text))
        #expect(context.state == nil)
    }

    @Test("goes on through the request, with a span for each attempt")
    func goesOn() throws {
        let client = try #require(TraceContext(parent: Self.parent, state: "a=b"))
        let trace = RequestTrace(requestID: "0192f0c1-0000-4000-8000-000000000001", client: client, sample: 0.5)
        #expect(trace.traceID == client.traceID)
        #expect(trace.parentSpanID == client.spanID)
        #expect(trace.isSampled)
        let spans = [trace.spanID, trace.spanID(ofAttempt: 1), trace.spanID(ofAttempt: 2), client.spanID]
        #expect(Set(spans).count == 4)
        let context = trace.context(ofAttempt: 2)
        #expect(context.spanID == trace.spanID(ofAttempt: 2))
        #expect(context.state == "a=b")
    }

    @Test("begins here under the request's id where the client brings none")
    func begins() {
        let trace = RequestTrace(requestID: "0192f0c1-0000-4000-8000-00000000000a", client: nil, sample: 1)
        #expect(trace.traceID.text == "0192f0c10000400080000000000000 0a".replacing(" ", with: ""))
        #expect(trace.parentSpanID == nil)
        #expect(trace.isSampled)
        let other = RequestTrace(requestID: "no UUID", client: nil, sample: 1)
        #expect(other.traceID != TraceID(high: 0, low: 0))
    }

    @Test("holds what a plugin asks on behalf of a request, with spans of its own, all of it or nothing")
    func child() throws {
        let parent = "0192f0c1-0000-4000-8000-00000000000a"
        let traces = (0..<100).map { _ in
            RequestTrace(requestID: RequestID.make(), parentRequestID: parent, client: nil, sample: 0.5)
        }
        #expect(Set(traces.map(\.traceID.text)) == ["0192f0c100004000800000000000000a"])
        #expect(Set(traces.map(\.spanID)).count == 100)
        #expect(Set(traces.map(\.isSampled)).count == 1)
        #expect(traces[0].parentSpanID == nil)
        let client = try #require(TraceContext(parent: Self.parent))
        let asked = RequestTrace(requestID: RequestID.make(), parentRequestID: parent, client: client, sample: 1)
        #expect(asked.traceID == client.traceID)
        #expect(asked.parentSpanID == client.spanID)
    }

    @Test("is exported in the part that was asked for", arguments: [(0.0, 0...0), (0.25, 180...320), (1, 1000...1000)])
    func sampled(_ sample: Double, _ expected: ClosedRange<Int>) {
        let count = (0..<1000).count { _ in
            RequestTrace(requestID: RequestID.make(), client: nil, sample: sample).isSampled
        }
        #expect(expected.contains(count))
    }

    @Test("is not exported where nothing is, whatever the client says")
    func unexported() throws {
        let client = try #require(TraceContext(parent: Self.parent))
        #expect(!RequestTrace(requestID: "x", client: client, sample: 0).isSampled)
    }
}
