import Core
import Logging
import PraximousJSON
import Synchronization
import Testing

@testable import PluginRuntime

@Suite("A call and its turn", .timeLimit(.minutes(1))) struct CallTurnTests {
    @Test("begins when somebody still waits for it, and only then")
    func begins() {
        var state = CallState.begun
        #expect(!state.hasBegun)
        #expect(!state.isRunningOn)
        let isFirst = state.begins()
        #expect(isFirst && state.hasBegun)
        #expect(!state.isRunningOn)
        _ = state.hostEnds(.deadline)
        #expect(state.isRunningOn)
        _ = state.entryReturns(0)
        #expect(!state.isRunningOn)

        var given = CallState.begun
        _ = given.hostEnds(.cancelled)
        let isLate = given.begins()
        #expect(!isLate && !given.hasBegun && !given.isRunningOn)
    }

    @Test("that the plugin has ended runs on until its function comes back")
    func runsOn() {
        var state = CallState.begun
        _ = state.begins()
        _ = state.pluginEnds()
        #expect(state.isRunningOn)
        _ = state.entryReturns(0)
        #expect(!state.isRunningOn)
    }

    @Test("that was put off does not run on")
    func pending() {
        var state = CallState.begun
        _ = state.begins()
        _ = state.entryReturns(1)
        _ = state.hostEnds(.deadline)
        #expect(!state.isRunningOn)
        #expect(state.isOpen)
    }

    @Test("comes in the order of arrival, so many at a time", arguments: [1, 3, 24])
    func order(width: Int) {
        let gate = CallGate(width: width)
        let entered = Mutex<[Int]>([])
        for number in 0..<2000 { gate.enter { entered.withLock { $0.append(number) } } }
        #expect(entered.withLock { $0.count } == width)
        for left in 1...2000 {
            gate.leave()
            #expect(entered.withLock { $0.count } == min(2000, width + left))
        }
        #expect(entered.withLock { $0 } == Array(0..<2000))
        for number in 0..<width { gate.enter { entered.withLock { $0.append(number) } } }
        #expect(entered.withLock { $0.count } == 2000 + width)
    }

    @Test("leaves nothing of it at the gate once it has come")
    func nothingKept() {
        final class Parameters: Sendable {}
        let gate = CallGate(width: 1)
        gate.enter {}
        weak var kept: Parameters?
        do {
            let parameters = Parameters()
            kept = parameters
            gate.enter { _ = parameters }
        }
        // Others wait behind it, so the queue is not empty.
        gate.enter {}
        #expect(kept != nil)
        gate.leave()
        #expect(kept == nil)
    }

    @Test("is found again by every thread of a hundred that push through one gate")
    func crowd() async {
        let gate = CallGate(width: 3)
        let (inside, most) = (Level(), Level())
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<100 {
                tasks.addTask {
                    for _ in 0..<50 {
                        await withCheckedContinuation { continuation in gate.enter { continuation.resume() } }
                        most.raise(to: inside.add(1))
                        await Task.yield()
                        _ = inside.add(-1)
                        gate.leave()
                    }
                }
            }
        }
        #expect(inside.add(0) == 0)
        #expect((1...3).contains(most.add(0)))
    }

    @Test("given up while it waits for a child ends the child, and hears of the child's end once")
    func invocation() async throws {
        let services = RecordingServices(invoke: { _, events in
            for number in 0..<3 { events.event(CallEvent(kind: "data", json: Array("\(number)".utf8))) }
        })
        let folder = try ServedPlugin.library("plain").replacing("/skill.so", with: "")
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let instance = try PluginLoader(logger: logger).load(
            PluginFolder(path: folder, origin: .local),
            settings: PluginSettings(),
            services: services
        )
        let calls = SkillCalls()
        let task = Task {
            await calls.call(
                instance,
                operation: "invoke",
                parameters: Array("{}".utf8),
                context: CallContext(requestID: "r"),
                timeout: .seconds(20)
            )
        }
        #expect(await eventually { services.questions.filter { $0 == "consumed 1" }.count == 3 })
        task.cancel()
        _ = await task.value
        #expect(await eventually { services.questions.last == "cancel" })
        await instance.retire(waitingAtMost: .seconds(10))
        #expect(services.questions.filter { $0 == "cancel" }.count == 1)
    }
}

private final class Level: Sendable {
    private let value = Mutex(0)

    func add(_ number: Int) -> Int {
        value.withLock { value in
            value += number
            return value
        }
    }

    func raise(to number: Int) { value.withLock { $0 = max($0, number) } }
}
