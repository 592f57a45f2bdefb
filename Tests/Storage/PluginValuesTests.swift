import Core
import Storage
import TestSupport
import Testing

@Suite struct PluginValuesTests {
    private let folder: TemporaryFolder
    private let values: PluginValues
    private let plugin: PluginName

    init() throws {
        folder = try TemporaryFolder()
        values = try PluginValues(path: InstallationRoot(folder.path).pluginDatabase)
        plugin = try PluginName.parse("acme/notes")
    }

    private func put(_ value: String, _ key: String, expecting revision: UInt64 = 0) throws -> UInt64 {
        try values.put(
            Array(value.utf8),
            forKey: Array(key.utf8),
            of: plugin,
            expectedRevision: revision,
            quotaBytes: 1 << 20
        )
    }

    private func text(_ key: String, of name: String = "acme/notes", in store: PluginValues? = nil) throws -> String {
        let bytes = try (store ?? values).value(forKey: Array(key.utf8), of: try PluginName.parse(name)).bytes
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a value comes back as it was put, also after the file was opened again")
    func outlives() throws {
        #expect(try put("milk", "shopping") == 1)
        #expect(try put("milk, bread", "shopping") == 2)
        let again = try PluginValues(path: folder.path + "/data/plugins.db")
        #expect(try text("shopping", in: again) == "milk, bread")
        #expect(try again.value(forKey: Array("shopping".utf8), of: plugin).revision == 2)
    }

    @Test(
        "keys and values may be any bytes",
        arguments: [
            ([0], []), ([0, 0], [0]), ([0xFF], [0xC3, 0x28]), (Array("a\0b".utf8), Array("'; DROP TABLE".utf8)),
            ([0xED, 0xA0, 0x80], [0xFE, 0xFF]), ([UInt8](repeating: 0xFF, count: 1024), Array("ü".utf8)),
        ] as [([UInt8], [UInt8])]
    )
    func anyBytes(key: [UInt8], value: [UInt8]) throws {
        try values.put([1], forKey: Array("neighbour".utf8), of: plugin, quotaBytes: 4096)
        try values.put(value, forKey: key, of: plugin, quotaBytes: 4096)
        #expect(try values.value(forKey: key, of: plugin).bytes == value)
        #expect(try values.keys(withPrefix: key, of: plugin).keys == [key])
        try values.removeValue(forKey: key, of: plugin)
        #expect(throws: PluginValuesError.notFound) { try values.value(forKey: key, of: plugin) }
        #expect(try text("neighbour") == "\u{1}")
    }

    @Test("plugins do not see each other's values")
    func separates() throws {
        let other = try PluginName.parse("acme/notes-2")
        _ = try put("mine", "key")
        try values.put(Array("theirs".utf8), forKey: Array("key".utf8), of: other, quotaBytes: 100)
        #expect(try text("key") == "mine")
        #expect(try text("key", of: "acme/notes-2") == "theirs")
        try values.removeValue(forKey: Array("key".utf8), of: plugin)
        #expect(throws: PluginValuesError.notFound) { try text("key") }
        #expect(try text("key", of: "acme/notes-2") == "theirs")
        _ = try put("mine", "key")
        try values.removeAll(of: other)
        #expect(try text("key") == "mine")
        #expect(try values.usage(of: other) == (0, 0))
        #expect(try values.keys(withPrefix: [], of: other).keys.isEmpty)
    }

    @Test("a write over another revision than the expected one is refused and changes nothing")
    func compares() throws {
        let first = try put("a", "key")
        #expect(throws: PluginValuesError.conflict) { try put("b", "key", expecting: first + 1) }
        #expect(throws: PluginValuesError.conflict) { try put("b", "absent", expecting: 1) }
        #expect(throws: PluginValuesError.conflict) { try put("b", "key", expecting: .max) }
        #expect(try text("key") == "a")
        let second = try put("b", "key", expecting: first)
        #expect(second > first)
        #expect(throws: PluginValuesError.conflict) { try put("c", "key", expecting: first) }
        #expect(try text("key") == "b")
    }

    @Test("a revision never comes back, also when the key was deleted and made again")
    func growsOnly() throws {
        let old = try put("a", "key")
        try values.removeValue(forKey: Array("key".utf8), of: plugin)
        let new = try put("a", "key")
        #expect(new > old)
        #expect(throws: PluginValuesError.conflict) { try put("b", "key", expecting: old) }
    }

    @Test("removing what is not there is no error")
    func removesNothing() throws {
        try values.removeValue(forKey: [1], of: plugin)
        _ = try put("a", "key")
        try values.removeValue(forKey: [1], of: plugin)
        #expect(try values.usage(of: plugin) == (bytes: 4, entries: 1))
    }

    @Test("writers that compare revisions lose no update, also over two connections")
    func losesNothing() async throws {
        _ = try put("0", "count")
        let second = try PluginValues(path: folder.path + "/data/plugins.db")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for store in [values, second, values, second] {
                group.addTask { [plugin] in
                    try await Blocking.run { try Self.count(to: 100, in: store, plugin) }
                }
            }
            let conflicts = try await group.reduce(0, +)
            #expect(conflicts > 0)
        }
        #expect(try text("count") == "400")
    }

    /// Answers how often another writer was first.
    private static func count(to limit: Int, in store: PluginValues, _ plugin: PluginName) throws -> Int {
        let key = Array("count".utf8)
        var done = 0
        var conflicts = 0
        while done < limit {
            let (bytes, revision) = try store.value(forKey: key, of: plugin)
            let next = (Int(String(decoding: bytes, as: UTF8.self)) ?? -1000) + 1
            do {
                try store.put(
                    Array(String(next).utf8),
                    forKey: key,
                    of: plugin,
                    expectedRevision: revision,
                    quotaBytes: 100
                )
                done += 1
            } catch {
                guard error == .conflict else { throw error }
                conflicts += 1
            }
        }
        return conflicts
    }

    @Test(
        "keys are listed by their bytes",
        arguments: [
            ([], [[0], [0x61], [0x61, 0], [0x61, 0xFF], [0x61, 0xFF, 1], [0x62], [0xFF], [0xFF, 0xFF]]),
            ([0x61], [[0x61], [0x61, 0], [0x61, 0xFF], [0x61, 0xFF, 1]]),
            ([0x61, 0xFE], []), ([0x61, 0xFF], [[0x61, 0xFF], [0x61, 0xFF, 1]]),
            ([0xFF], [[0xFF], [0xFF, 0xFF]]), ([0xFF, 0xFF], [[0xFF, 0xFF]]), ([0x63], []),
            ([UInt8](repeating: 0x61, count: 5000), []),
        ] as [([UInt8], [[UInt8]])]
    )
    func lists(prefix: [UInt8], expected: [[UInt8]]) throws {
        let keys: [[UInt8]] = [
            [0xFF], [0x62], [0x61, 0xFF], [0], [0x61], [0xFF, 0xFF], [0x61, 0], [0x61, 0xFF, 1],
        ]
        for key in keys { try values.put([], forKey: key, of: plugin, quotaBytes: 100) }
        let listed = try values.keys(withPrefix: prefix, of: plugin)
        #expect(listed.keys == expected)
        #expect(listed.isComplete)
    }

    @Test("the file is in WAL mode and belongs to the host's user alone")
    func isPrivate() throws {
        _ = try put("a", "key")
        #expect(try folder.mode(of: "data/plugins.db") == 0o600)
        #expect(try folder.mode(of: "data/plugins.db-wal") == 0o600)
    }
}
