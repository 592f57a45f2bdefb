import Egress
import Glibc
import Synchronization

/// Chat requests one after the other, so many beside one another.
struct Load: Sendable {
    private let client: HTTPClient
    private let policy = HTTPPolicy(owner: "bench", hosts: [.any], methods: ["POST"], privateHosts: [.any])
    private let url: String
    private let body = Array(#"{"model":"m","messages":[{"role":"user","content":"Say hello, please."}]}"#.utf8)

    init(url: String) throws {
        self.url = url
        client = try HTTPClient()
    }

    func run(width: Int, count: Int) async throws {
        let left = Countdown(count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width { group.addTask { while left.next() { try await ask() } } }
            try await group.waitForAll()
        }
    }

    private func ask() async throws {
        let fields = [
            HTTPField(name: "content-type", value: "application/json"),
            HTTPField(name: "authorization", value: "Bearer sk-0123456789abcdef"),
        ]
        let request = try HTTPRequest(method: "POST", url: url, fields: fields, body: body)
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try client.start(request, policy: policy, handler: Answer(continuation))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// An answer of which only the status and the end matter.
private final class Answer: HTTPHandler {
    private let continuation: CheckedContinuation<Void, any Error>

    init(_ continuation: CheckedContinuation<Void, any Error>) { self.continuation = continuation }

    func head(status: Int, fields: [HTTPField]) {
        guard status != 200 else { return }
        print("expected 200, found \(status)")
        exit(1)
    }

    func body(_ piece: UnsafeRawBufferPointer) {}

    func end(_ error: HTTPError?) { continuation.resume(with: error.map(Result.failure) ?? .success(())) }
}

private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    func next() -> Bool { left.subtract(1, ordering: .relaxed).newValue >= 0 }
}
