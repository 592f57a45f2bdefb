import CPraximous
import Testing

@testable import PluginRuntime

@Suite("The states of a call") struct CallStateTests {
    enum Event: Sendable {
        case pluginEnds
        case returns(Int32)
        case deadline, cancelled, abandoned
    }

    struct Sequence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [Event]
        /// What each event leads to: `!` deliver, `-` release, `?` misbehaviour.
        let actions: [String]
    }

    static let sequences = [
        Sequence(testDescription: "finish, return", events: [.pluginEnds, .returns(0)], actions: ["!", "-"]),
        Sequence(testDescription: "return negative", events: [.returns(-12)], actions: ["!-"]),
        Sequence(testDescription: "return without an end", events: [.returns(0)], actions: ["!-?"]),
        Sequence(testDescription: "return something positive", events: [.returns(7)], actions: ["!-?"]),
        Sequence(testDescription: "pending, finish", events: [.returns(1), .pluginEnds], actions: ["", "!-"]),
        Sequence(testDescription: "finish, pending", events: [.pluginEnds, .returns(1)], actions: ["!", "-"]),
        Sequence(
            testDescription: "finish, finish, return",
            events: [.pluginEnds, .pluginEnds, .returns(0)],
            actions: ["!", "?", "-"]
        ),
        Sequence(
            testDescription: "finish, return negative",
            events: [.pluginEnds, .returns(-1)],
            actions: ["!", "-"]
        ),
        Sequence(
            testDescription: "deadline, finish, return",
            events: [.deadline, .pluginEnds, .returns(0)],
            actions: ["!", "", "-"]
        ),
        Sequence(testDescription: "deadline, return", events: [.deadline, .returns(-6)], actions: ["!", "-"]),
        Sequence(testDescription: "deadline, deadline", events: [.deadline, .deadline], actions: ["!", ""]),
        Sequence(testDescription: "cancelled, deadline", events: [.cancelled, .deadline], actions: ["!", ""]),
        Sequence(
            testDescription: "finish, cancelled",
            events: [.pluginEnds, .cancelled, .returns(0)],
            actions: ["!", "", "-"]
        ),
        Sequence(
            testDescription: "pending, deadline, finish",
            events: [.returns(1), .deadline, .pluginEnds],
            actions: ["", "!", "-"]
        ),
        Sequence(
            testDescription: "pending, deadline, abandoned",
            events: [.returns(1), .deadline, .abandoned],
            actions: ["", "!", "-?"]
        ),
        Sequence(testDescription: "abandoned before its end", events: [.returns(1), .abandoned], actions: ["", ""]),
        Sequence(
            testDescription: "abandoned while it runs",
            events: [.deadline, .abandoned, .returns(0)],
            actions: ["!", "", "-?"]
        ),
        Sequence(
            testDescription: "finished after it was abandoned",
            events: [.returns(1), .cancelled, .abandoned, .pluginEnds],
            actions: ["", "!", "-?", "?"]
        ),
    ]

    @Test("deliver once and release once", arguments: sequences)
    func transitions(_ sequence: Sequence) {
        var state = CallState.begun
        let actions = sequence.events.map { event in
            let action = apply(event, to: &state)
            return (action.deliver ? "!" : "") + (action.release ? "-" : "") + (action.misbehaviour != nil ? "?" : "")
        }
        #expect(actions == sequence.actions)
    }

    @Test("deliver at most once and release exactly once, in every order of events")
    func everyOrder() {
        let events: [Event] = [.pluginEnds, .pluginEnds, .deadline, .cancelled, .abandoned]
        for returned: Int32 in [0, 1, -3] {
            permute(events + [.returns(returned)]) { order in
                var state = CallState.begun
                var delivered = 0
                var released = 0
                for event in order {
                    // The table asks nothing of a slot that has been released.
                    guard released == 0 else { break }
                    let action = apply(event, to: &state)
                    delivered += action.deliver ? 1 : 0
                    released += action.release ? 1 : 0
                }
                #expect(delivered == 1)
                #expect(released == 1)
            }
        }
    }

    @Test("tell the plugin why its end comes too late")
    func statuses() {
        var state = CallState.begun
        #expect(state.pluginEnds().0 == 0)
        #expect(state.pluginEnds().0 == Int32(PRAX_E_CONFLICT))
        state = .begun
        _ = state.hostEnds(.deadline)
        #expect(state.isCancelled)
        #expect(state.pluginEnds().0 == Int32(PRAX_E_DEADLINE))
        state = .begun
        _ = state.hostEnds(.cancelled)
        #expect(state.pluginEnds().0 == Int32(PRAX_E_CANCELLED))
        state = CallState()
        #expect(!state.isOpen)
        #expect(state.pluginEnds().0 == Int32(PRAX_E_CONFLICT))
    }

    private func apply(_ event: Event, to state: inout CallState) -> CallState.Action {
        switch event {
        case .pluginEnds: state.pluginEnds().1
        case .returns(let value): state.entryReturns(value)
        case .deadline: state.hostEnds(.deadline)
        case .cancelled: state.hostEnds(.cancelled)
        case .abandoned: state.abandon()
        }
    }

    private func permute(_ events: [Event], _ chosen: [Event] = [], _ body: ([Event]) -> Void) {
        if events.isEmpty { return body(chosen) }
        for position in events.indices {
            var rest = events
            let next = rest.remove(at: position)
            permute(rest, chosen + [next], body)
        }
    }
}
