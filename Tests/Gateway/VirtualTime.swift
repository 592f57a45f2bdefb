import Gateway
import Synchronization

/// A clock that stands still while anything happens, and then jumps to the next moment somebody waits for.
final class VirtualTime: Sendable {
    private struct Sleeper {
        let id: Int
        let due: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now: UInt64 = 1_000_000_000
        var changes = 0
        var sleepers: [Sleeper] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var now: UInt64 { state.withLock { $0.now } }
    var seconds: Double { Double(now - 1_000_000_000) / 1e9 }

    var chatTime: ChatTime {
        ChatTime(now: { self.touch() }, sleep: { try await self.sleep($0) }, random: { 0.5 })
    }

    private func touch() -> UInt64 {
        state.withLock { state in
            state.changes += 1
            return state.now
        }
    }

    func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let hasSlept = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    state.changes += 1
                    if state.cancelled.remove(id) != nil { return true }
                    let (seconds, attoseconds) = duration.components
                    let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
                    let due = state.now + nanoseconds
                    state.sleepers.append(Sleeper(id: id, due: due, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                state.changes += 1
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !hasSlept { throw CancellationError() }
    }

    /// Runs `body`, moving the time on whenever nothing has happened for a while.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await self.drive()
                return nil
            }
            var value: Value?
            while value == nil, let next = await group.next() { value = next }
            group.cancelAll()
            guard let value else { preconditionFailure("the body always returns") }
            return value
        }
    }

    private func drive() async {
        var seen = -1
        var quiet = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return }
            let changes = state.withLock { $0.changes }
            quiet = changes == seen ? quiet + 1 : 0
            seen = changes
            guard quiet >= 4 else { continue }
            quiet = 0
            advance()
        }
    }

    private func advance() {
        let due = state.withLock { state -> [Sleeper] in
            guard let next = state.sleepers.map(\.due).min() else { return [] }
            state.changes += 1
            state.now = max(state.now, next)
            defer { state.sleepers.removeAll { $0.due <= state.now } }
            return state.sleepers.filter { $0.due <= state.now }
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }
}
