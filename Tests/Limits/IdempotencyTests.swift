import Core
import Limits
import Testing

@Suite("Requests with an Idempotency-Key") struct IdempotencyTests {
    private let clocks = TurnedClocks()

    private func store(_ change: (inout IdempotencyLimits) -> Void = { _ in }) -> IdempotencyStore {
        var limits = IdempotencyLimits()
        change(&limits)
        return IdempotencyStore(limits: limits, clock: clocks.clock)
    }

    private func answer(_ text: String) -> IdempotentAnswer {
        IdempotentAnswer(status: 200, contentType: "application/json", body: Array(text.utf8))
    }

    /// `run`, the replayed text, or the code of the refusal.
    private func begin(
        _ store: IdempotencyStore,
        _ key: String = "a",
        by principal: String = "p",
        body: String = "x",
        finishing text: String? = nil
    ) async -> String {
        do throws(Failure) {
            switch try await store.begin(key, principal: principal, body: Array(body.utf8), waits: false) {
            case .run(let ticket):
                if let text { ticket.finish(answer(text)) }
                return "run"
            case .replay(let answer): return String(decoding: answer.body, as: UTF8.self)
            }
        } catch {
            return error.code
        }
    }

    @Test("run once, and get the same answer again for a day")
    func replays() async {
        let store = store()
        #expect(await begin(store, finishing: "one") == "run")
        #expect(await begin(store) == "one")
        clocks.pass(86_399)
        #expect(await begin(store) == "one")
        clocks.pass(1)
        #expect(await begin(store, finishing: "two") == "run")
        #expect(await begin(store) == "two")
    }

    @Test("are decided at once where nobody waits for an equal one")
    func atOnce() throws {
        let store = store()
        func turn(_ body: String = "x") throws -> IdempotencyStore.Turn {
            try store.beginAtOnce("a", principal: "p", body: Array(body.utf8))
        }
        guard case .run(let ticket) = try turn() else { return #expect(Bool(false)) }
        #expect(throws: Failure.self) { try turn() }
        ticket.finish(answer("one"))
        guard case .replay(let replayed) = try turn() else { return #expect(Bool(false)) }
        #expect(replayed == answer("one"))
        #expect(throws: Failure.self) { try turn("y") }
    }

    @Test("of 100 at once, one runs and the others get its answer")
    func concurrent() async throws {
        let store = store()
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<100 {
                group.addTask {
                    switch try await store.begin("a", principal: "p", body: [1], waits: true) {
                    case .run(let ticket):
                        for _ in 0..<50 { await Task.yield() }
                        let body = Array("\(number) ran".utf8)
                        ticket.finish(IdempotentAnswer(status: 200, contentType: "text/plain", body: body))
                        return "\(number) ran"
                    case .replay(let answer): return String(decoding: answer.body, as: UTF8.self)
                    }
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.count == 100)
        #expect(Set(answers).count == 1)
    }

    @Test("with another body are refused, during and after the first")
    func reused() async throws {
        let store = store()
        guard case .run(let ticket) = try await store.begin("a", principal: "p", body: [1], waits: true) else {
            Issue.record("the first did not run")
            return
        }
        await #expect(throws: Failure.self) { try await store.begin("a", principal: "p", body: [2], waits: true) }
        #expect(await begin(store, body: "y") == "idempotency_key_reused")
        ticket.finish(answer("one"))
        #expect(await begin(store, body: "y") == "idempotency_key_reused")
    }

    @Test("that cannot wait are told that the first one runs")
    func inProgress() async throws {
        let store = store()
        let turn = try await store.begin("a", principal: "p", body: Array("x".utf8), waits: false)
        #expect(await begin(store) == "idempotency_in_progress")
        guard case .run(let ticket) = turn else { return }
        ticket.finish(answer("one"))
        #expect(await begin(store) == "one")
    }

    @Test("whose first one came to no answer run again: the next that waits does")
    func abandoned() async throws {
        let store = store()
        #expect(await begin(store) == "run")
        var turn: IdempotencyStore.Turn? = try await store.begin(
            "a",
            principal: "p",
            body: Array("x".utf8),
            waits: true
        )
        async let next = store.begin("a", principal: "p", body: Array("x".utf8), waits: true)
        #expect(turn != nil)
        turn = nil
        guard case .run(let ticket) = try await next else {
            Issue.record("the next one did not run")
            return
        }
        ticket.finish(answer("two"))
        #expect(await begin(store) == "two")
    }

    @Test("whose caller leaves stop waiting")
    func cancelled() async throws {
        let store = store()
        let turn = try await store.begin("a", principal: "p", body: [], waits: true)
        let waiting = Task { () -> String in
            do throws(Failure) {
                _ = try await store.begin("a", principal: "p", body: [], waits: true)
                return "went on"
            } catch {
                return error.code
            }
        }
        await Task.yield()
        waiting.cancel()
        #expect(await waiting.value == "cancelled")
        guard case .run(let ticket) = turn else { return }
        ticket.finish(answer("one"))
    }

    @Test("belong to who sent them")
    func principals() async {
        let store = store()
        #expect(await begin(store, finishing: "one") == "run")
        #expect(await begin(store, by: "q", body: "y", finishing: "two") == "run")
        #expect(await begin(store) == "one")
    }

    @Test("have a key of 1 to 255 bytes", arguments: [(0, false), (1, true), (255, true), (256, false)])
    func keys(count: Int, isGood: Bool) async {
        let key = String(repeating: "k", count: count)
        #expect(await begin(store(), key) == (isGood ? "run" : "invalid_idempotency_key"))
    }

    @Test("with an answer too large to keep are not run a second time")
    func large() async {
        let store = store { $0.maxAnswerBytes = 3 }
        #expect(await begin(store, "a", finishing: "abc") == "run")
        #expect(await begin(store, "b", finishing: "abcd") == "run")
        #expect(await begin(store, "a") == "abc")
        #expect(await begin(store, "b") == "idempotency_answer_not_kept")
    }

    @Test("push out the oldest answers, of the same principal first, then of the one with the most")
    func room() async {
        let store = store {
            $0.maxEntriesPerPrincipal = 3
            $0.maxEntries = 4
        }
        for key in ["a", "b", "c", "d"] { #expect(await begin(store, key, finishing: key) == "run") }
        #expect(await begin(store, "b") == "b")
        for key in ["a", "b"] { #expect(await begin(store, key, by: "q", finishing: key) == "run") }
        #expect(await begin(store, "c") == "c")
        #expect(await begin(store, "a", by: "q") == "a")
        #expect(await begin(store, "b", finishing: "new") == "run")
    }

    @Test("are refused when as many as there is room for are under way")
    func full() async throws {
        let store = store { $0.maxEntriesPerPrincipal = 2 }
        var turns: [IdempotencyStore.Turn] = []
        for key in ["a", "b"] { turns.append(try await store.begin(key, principal: "p", body: [], waits: true)) }
        #expect(await begin(store, "c") == "idempotency_store_full")
        turns.removeAll()
        #expect(await begin(store, "c") == "run")
    }

    @Test("never keep more bytes than they may")
    func bytes() async {
        let store = store {
            $0.maxBytesPerPrincipal = 10
            $0.maxBytes = 15
        }
        let text = "123456"
        for key in ["a", "b"] { #expect(await begin(store, key, finishing: text) == "run") }
        #expect(await begin(store, "a", finishing: text) == "run")
        #expect(await begin(store, "a") == text)
        for principal in ["q", "r"] { #expect(await begin(store, by: principal, finishing: text) == "run") }
        #expect(await begin(store, by: "r") == text)
    }
}
