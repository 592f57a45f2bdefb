import Testing

/// The exams that ordinary clients of others give the host, written in Python: `make lab` sets up what they need.
@Suite("Ordinary clients", .serialized) struct ClientTests {
    @Test("hear a whole answer or a clean error, however a provider fails", .timeLimit(.minutes(3)))
    func failover() async throws {
        try await LabPython.play(["Tests/Acceptance/Failover/exam.py", "--quick"], seconds: 150)
    }

    @Test("of OpenAI and Anthropic work with the host as with their vendors", .timeLimit(.minutes(5)))
    func officialSDKs() async throws {
        try await LabPython.play(
            ["-m", "pytest", "-q", "-p", "no:cacheprovider", "Tests/Acceptance/SDK"],
            seconds: 240
        )
    }
}
