import Core
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct PluginValuesLimitTests {
    private let folder: TemporaryFolder
    private let plugin: PluginName

    init() throws {
        folder = try TemporaryFolder()
        plugin = try PluginName.parse("acme/notes")
    }

    private func open(_ limits: PluginValuesLimits = PluginValuesLimits(), clock: WallClock = .system) throws
        -> PluginValues
    {
        try PluginValues(path: folder.path + "/plugins.db", limits: limits, clock: clock)
    }

    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x78, count: count) }

    @Test("a value is gone when its time is over, and its revision with it")
    func expires() throws {
        let time = HeldTime()
        let values = try open(clock: time.clock)
        try values.put([1], forKey: [1], of: plugin, timeToLiveSeconds: 10, quotaBytes: 100)
        try values.put([2], forKey: [2], of: plugin, quotaBytes: 100)
        time.pass(microseconds: 9_999_999)
        let last = try values.value(forKey: [1], of: plugin)
        #expect(last.bytes == [1])
        time.pass(microseconds: 1)
        #expect(throws: PluginValuesError.notFound) { try values.value(forKey: [1], of: plugin) }
        #expect(try values.keys(withPrefix: [], of: plugin).keys == [[2]])
        #expect(throws: PluginValuesError.conflict) {
            try values.put([3], forKey: [1], of: plugin, expectedRevision: last.revision, quotaBytes: 100)
        }
        #expect(try values.put([3], forKey: [1], of: plugin, quotaBytes: 100) > last.revision)
        time.pass(microseconds: 1_000_000_000)
        #expect(try values.value(forKey: [1], of: plugin).bytes == [3])
    }

    @Test("values whose time is over make room for new ones, however many they are")
    func sweeps() throws {
        let time = HeldTime()
        let values = try open(clock: time.clock)
        for index in 0..<1000 {
            let key = Array(String(1000 + index).utf8)
            try values.put(bytes(6), forKey: key, of: plugin, timeToLiveSeconds: 5, quotaBytes: 10_000)
        }
        #expect(try values.usage(of: plugin) == (bytes: 10_000, entries: 1000))
        #expect(throws: PluginValuesError.overQuota(wantedBytes: 10_001, quotaBytes: 10_000)) {
            try values.put([], forKey: [1], of: plugin, quotaBytes: 10_000)
        }
        time.pass(microseconds: 5_000_000)
        // Too many to be removed by the way; the last one is no less expired for that.
        #expect(throws: PluginValuesError.conflict) {
            try values.put([], forKey: Array("1999".utf8), of: plugin, expectedRevision: 1000, quotaBytes: 10_000)
        }
        try values.put(bytes(9_999), forKey: [1], of: plugin, quotaBytes: 10_000)
        #expect(try values.usage(of: plugin) == (bytes: 10_000, entries: 1))
    }

    @Test("keys and values together stay within the quota")
    func keepsQuota() throws {
        let values = try open()
        try values.put(bytes(50), forKey: bytes(10), of: plugin, quotaBytes: 100)
        try values.put(bytes(35), forKey: bytes(5), of: plugin, quotaBytes: 100)
        #expect(throws: PluginValuesError.overQuota(wantedBytes: 101, quotaBytes: 100)) {
            try values.put([], forKey: [1], of: plugin, quotaBytes: 100)
        }
        #expect(throws: PluginValuesError.overQuota(wantedBytes: 101, quotaBytes: 100)) {
            try values.put(bytes(51), forKey: bytes(10), of: plugin, quotaBytes: 100)
        }
        #expect(try values.usage(of: plugin) == (bytes: 100, entries: 2))
        #expect(try values.value(forKey: bytes(10), of: plugin).bytes == bytes(50))
        try values.removeValue(forKey: bytes(5), of: plugin)
        try values.put(bytes(39), forKey: [1], of: plugin, quotaBytes: 100)
        #expect(try values.usage(of: plugin) == (bytes: 100, entries: 2))
    }

    @Test("under a quota that was lowered, values may shrink and not grow")
    func shrinks() throws {
        let values = try open()
        try values.put(bytes(90), forKey: [1], of: plugin, quotaBytes: 100)
        try values.put(bytes(80), forKey: [1], of: plugin, quotaBytes: 50)
        #expect(throws: PluginValuesError.overQuota(wantedBytes: 82, quotaBytes: 50)) {
            try values.put(bytes(81), forKey: [1], of: plugin, quotaBytes: 50)
        }
    }

    @Test("one plugin's quota is not another's")
    func ownQuota() throws {
        let values = try open()
        try values.put(bytes(99), forKey: [1], of: plugin, quotaBytes: 100)
        try values.put(bytes(99), forKey: [1], of: try PluginName.parse("acme/other"), quotaBytes: 100)
    }

    @Test("keys, values and their number are limited to the byte")
    func limits() throws {
        let values = try open(PluginValuesLimits(maxEntries: 2))
        #expect(throws: PluginValuesError.emptyKey) { try values.put([], forKey: [], of: plugin, quotaBytes: 100) }
        #expect(throws: PluginValuesError.keyTooLarge(bytes: 1025, limit: 1024)) {
            try values.put([], forKey: bytes(1025), of: plugin, quotaBytes: 1 << 30)
        }
        #expect(throws: PluginValuesError.keyTooLarge(bytes: 1025, limit: 1024)) {
            try values.value(forKey: bytes(1025), of: plugin)
        }
        #expect(throws: PluginValuesError.valueTooLarge(bytes: 1_048_577, limit: 1_048_576)) {
            try values.put(bytes(1_048_577), forKey: [1], of: plugin, quotaBytes: 1 << 30)
        }
        try values.put(bytes(1_048_576), forKey: bytes(1024), of: plugin, quotaBytes: 1 << 30)
        #expect(try values.value(forKey: bytes(1024), of: plugin).bytes == bytes(1_048_576))
        try values.put([], forKey: [2], of: plugin, quotaBytes: 1 << 30)
        #expect(throws: PluginValuesError.tooManyEntries(limit: 2)) {
            try values.put([], forKey: [3], of: plugin, quotaBytes: 1 << 30)
        }
        try values.put([9], forKey: [2], of: plugin, quotaBytes: 1 << 30)
    }

    @Test("a list that is cut says so")
    func cutsLists() throws {
        let values = try open(PluginValuesLimits(maxListedKeys: 3))
        for key in [[1], [2], [3], [4]] as [[UInt8]] { try values.put([], forKey: key, of: plugin, quotaBytes: 100) }
        let cut = try values.keys(withPrefix: [], of: plugin)
        #expect(cut.keys == [[1], [2], [3]])
        #expect(!cut.isComplete)
        try values.removeValue(forKey: [2], of: plugin)
        let whole = try values.keys(withPrefix: [], of: plugin)
        #expect(whole.keys == [[1], [3], [4]])
        #expect(whole.isComplete)
    }

    @Test("a full disk refuses a write, loses nothing, and takes writes again when there is room")
    func isFull() throws {
        let values = try open(PluginValuesLimits(maxFileBytes: 256 << 10))
        try values.put([7], forKey: [1], of: plugin, quotaBytes: 1 << 30)
        var filled: [[UInt8]] = []
        let full = PluginValuesError.unavailable(reason: "database or disk is full")
        #expect(throws: full) {
            for index in 0..<100 {
                let key = Array("fill-\(index)".utf8)
                try values.put(bytes(10_000), forKey: key, of: plugin, quotaBytes: 1 << 30)
                filled.append(key)
            }
        }
        try #require(filled.count > 5)
        let taken = 2 + filled.map { $0.count + 10_000 }.reduce(0, +)
        #expect(try values.usage(of: plugin) == (bytes: taken, entries: filled.count + 1))
        #expect(throws: full) { try values.put(bytes(50_000), forKey: [1], of: plugin, quotaBytes: 1 << 30) }
        #expect(try values.value(forKey: [1], of: plugin).bytes == [7])
        #expect(try values.keys(withPrefix: Array("fill-".utf8), of: plugin).keys.count == filled.count)
        try values.removeValue(forKey: filled[0], of: plugin)
        try values.put(bytes(9_000), forKey: [2], of: plugin, quotaBytes: 1 << 30)
    }

    @Test("a file that is no database is not opened and not overwritten")
    func isNoDatabase() throws {
        let path = folder.path + "/plugins.db"
        try Data("not a database, but long enough to be taken for one".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: StorageError.cannotOpen(path: path, reason: "file is not a database")) { try open() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 51)
    }
}

/// A clock that moves only when it is told to.
private final class HeldTime: Sendable {
    private let now = Atomic<Int64>(1_000_000)

    var clock: WallClock { WallClock { self.now.load(ordering: .relaxed) } }
    func pass(microseconds: Int64) { now.add(microseconds, ordering: .relaxed) }
}
