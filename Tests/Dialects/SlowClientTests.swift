import Audit
import Core
import Glibc
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@Suite("A client that does not read", .timeLimit(.minutes(1))) struct SlowClientTests {
    /// More than the kernel and the connection take.
    private static let long = ScriptedProvider.chunk(["content": .string(String(repeating: "x", count: 4 << 20))])

    @Test(
        "is cut though nothing more comes, and the audit says why",
        arguments: ["/v1/chat/completions", "/v1/messages"]
    )
    func cut(path: String) async throws {
        let isOver = Flag()
        let script: ScriptedProvider.Script = { call in
            _ = call.events?.tryEmit(CallEvent(kind: "delta", json: Self.long.encoded()))
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            isOver.raise()
            return .failure(.callCancelled)
        }
        let body: JSON = [
            "model": "small", "max_tokens": 9, "stream": true, "messages": [["role": "user", "content": "hello"]],
        ]
        try await DialectHost.with(script, stall: .milliseconds(200)) { host in
            let headers = [("X-API-Key", host.key)]
            let request = HTTPBytes.request("POST", path, headers: headers, body: body.encoded())
            try await host.connected { connection in
                connection.send(request)
                // On a thread of its own; the connection stays open that long.
                while !isOver.isRaised { usleep(1000) }
            }
            var codes: [String?] = []
            while codes.isEmpty { codes = try await host.audit.page().events.map(\.event.errorCode) }
            #expect(codes == ["slow_consumer"])
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isRaised: Bool { value.load(ordering: .relaxed) }
        func raise() { value.store(true, ordering: .relaxed) }
    }
}
