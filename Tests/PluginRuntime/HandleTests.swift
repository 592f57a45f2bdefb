import CPraximous
import Core
import Synchronization
import TestSupport
import Testing

@testable import PluginRuntime

@Suite("A call's handle", .timeLimit(.minutes(1))) struct HandleTests {
    @Test("names one call for ever, though cancellations strike at any moment")
    func cancellations() async throws {
        let plugin = try Rendezvous()
        let race = EndRace(plugin.instance)
        let latecomer = Task { try await Blocking.run { race.cancelWhatIsPublished() } }
        let generations = try await Blocking.run { race.run(calls: 500_000) }
        race.stop()
        try await latecomer.value
        #expect(generations == 500_000)
    }
}

/// One thread begins and ends calls in one slot; another cancels them, whenever it likes.
///
/// @unchecked Sendable: the slot is touched by the thread that begins the calls, the rest through the table.
private final class EndRace: @unchecked Sendable {
    private let table = CallTable(capacity: 1)
    private let instance: PluginInstance
    private let published = Atomic<UInt64>(0)
    private let isOver = Atomic<Bool>(false)

    init(_ instance: PluginInstance) { self.instance = instance }

    /// How many of the calls had a handle of their own, one generation after the one before, and an outcome.
    func run(calls: Int) -> Int {
        guard let slot = table.takeSlot() else { return 0 }
        var right = 0
        for number in 1...calls {
            let instance = Unmanaged.passUnretained(instance)
            let call = table.begin(slot, instance: instance, deadline: .max)
            published.store(call.id, ordering: .sequentiallyConsistent)
            let ended = table.pluginEnds(call, .failure(.callCancelled))
            let outcome = table.entryReturned(call, 0)
            if call.id >> 32 == number, ended != status(PRAX_E_NOT_FOUND), outcome != nil { right += 1 }
        }
        return right
    }

    func cancelWhatIsPublished() {
        while !isOver.load(ordering: .relaxed) {
            let call = prax_call(id: published.load(ordering: .sequentiallyConsistent))
            table.hostEnds(call, .cancelled, .callCancelled)
        }
    }

    func stop() { isOver.store(true, ordering: .relaxed) }
}
