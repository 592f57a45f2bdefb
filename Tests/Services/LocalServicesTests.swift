import Core
import PluginRuntime
import Services
import Storage
import TestSupport
import Testing

@Suite struct LocalServicesTests {
    private let plugin: TestPlugin

    init() throws { plugin = try TestPlugin() }

    @Test(
        "a plugin is offered the tables it was granted, and metrics",
        arguments: [
            ([], .metrics), ([.storageKV(quotaBytes: 100)], [.metrics, .keyValue]),
            ([.networkHTTP(hosts: ["a.example"], methods: ["GET"])], [.metrics, .http]),
            ([.invokeSkills(["*"])], [.metrics, .invoke]),
            ([.invokeModels(capabilities: ["chat"], maxTokensPerCall: nil)], [.metrics, .invoke]),
            ([.storageDirectory(quotaBytes: 100)], .metrics),
            ([.storageKV(quotaBytes: 1), .invokeSkills(["acme/ocr"])], [.metrics, .keyValue, .invoke]),
        ] as [([Permission], ServiceTables)]
    )
    func offers(permissions: [Permission], expected: ServiceTables) throws {
        #expect(try plugin.services(permissions).tables == expected)
        let bare = try plugin.services(permissions, isBare: true)
        #expect(bare.tables == .metrics)
    }

    @Test("without its permission every service is denied, and the operator hears of each attempt")
    func denies() throws {
        let services = try plugin.services([])
        #expect(throws: ServiceError.denied) { try services.value(forKey: [1]) }
        #expect(throws: ServiceError.denied) {
            try services.put([], forKey: [1], expectedRevision: 0, timeToLiveSeconds: 0)
        }
        #expect(throws: ServiceError.denied) { try services.removeValue(forKey: [1]) }
        #expect(throws: ServiceError.denied) { try services.keys(withPrefix: []) }
        #expect(throws: ServiceError.denied) {
            try services.startExchange(plugin.request(), for: plugin.call(), events: NoExchange())
        }
        #expect(throws: ServiceError.denied) {
            try services.startInvocation(plugin.invocation("skill:ocr/read"), events: HeardInvocation())
        }
        #expect(services.dataFolder == nil)
        #expect(services.dataFolderUsage() == nil)
        #expect(
            plugin.notes.all == [
                .denied(what: "storage.kv"), .denied(what: "storage.kv"), .denied(what: "storage.kv"),
                .denied(what: "storage.kv"), .denied(what: "network.http"), .denied(what: "invoke \"skill:ocr/read\""),
            ]
        )
    }

    @Test("a permission without the host's part behind it is not supported")
    func isNotSupported() throws {
        let everything: [Permission] = [
            .storageKV(quotaBytes: 1), .networkHTTP(hosts: ["*"], methods: ["GET"]), .invokeSkills(["*"]),
        ]
        let services = try plugin.services(everything, isBare: true)
        #expect(throws: ServiceError.unsupported) { try services.value(forKey: [1]) }
        #expect(throws: ServiceError.unsupported) {
            try services.startExchange(plugin.request(), for: plugin.call(), events: NoExchange())
        }
        #expect(throws: ServiceError.unsupported) {
            try services.startInvocation(plugin.invocation("skill:ocr/read"), events: HeardInvocation())
        }
        #expect(plugin.notes.all.isEmpty)
    }

    @Test("a secret is handed out when it is declared and set, and only then")
    func secrets() throws {
        let services = try plugin.services([])
        #expect(try services.secret(named: "ACME_KEY").exposed == "s3cret")
        #expect(throws: ServiceError.notFound) { try services.secret(named: "ACME_UNSET") }
        // Set by the operator, but for nobody who declares it.
        #expect(throws: ServiceError.denied) { try services.secret(named: "UNDECLARED") }
        #expect(throws: ServiceError.denied) { try services.secret(named: "a\nb") }
        #expect(plugin.notes.all == [.denied(what: "secret \"UNDECLARED\""), .denied(what: "secret \"a\\nb\"")])
        #expect(!"\(plugin.notes.all)".contains("s3cret"))
        var text = ""
        dump(services, to: &text)
        #expect(!text.contains("s3cret"))
    }

    @Test("values are kept under the quota that was granted, over a new start of the plugin")
    func keepsValues() throws {
        let services = try plugin.services([.storageKV(quotaBytes: 10)])
        try services.put([1, 2], forKey: [7], expectedRevision: 0, timeToLiveSeconds: 0)
        let next = try plugin.services([.storageKV(quotaBytes: 10)])
        let kept = try next.value(forKey: [7])
        #expect(kept.bytes == [1, 2])
        #expect(try next.keys(withPrefix: []) == [[7]])
        #expect(throws: ServiceError.conflict) {
            try next.put([], forKey: [7], expectedRevision: kept.revision + 1, timeToLiveSeconds: 0)
        }
        #expect(throws: ServiceError.tooLarge) {
            try next.put([UInt8](repeating: 0, count: 10), forKey: [7], expectedRevision: 0, timeToLiveSeconds: 0)
        }
        #expect(throws: ServiceError.invalid) { try next.value(forKey: []) }
        #expect(throws: ServiceError.tooLarge) { try next.value(forKey: [UInt8](repeating: 1, count: 1025)) }
        try next.removeValue(forKey: [7])
        #expect(throws: ServiceError.notFound) { try next.value(forKey: [7]) }
    }

    @Test("a list that would be cut short is refused")
    func refusesLongLists() throws {
        let services = try plugin.services(
            [.storageKV(quotaBytes: 1000)],
            valueLimits: PluginValuesLimits(maxListedKeys: 2)
        )
        for key in [[1], [2], [3, 1]] as [[UInt8]] {
            try services.put([], forKey: key, expectedRevision: 0, timeToLiveSeconds: 0)
        }
        #expect(throws: ServiceError.tooLarge) { try services.keys(withPrefix: []) }
        #expect(try services.keys(withPrefix: [3]) == [[3, 1]])
    }

    @Test("a full disk is told to the operator, and the plugin hears that the store is unavailable")
    func reportsTheDisk() throws {
        let services = try plugin.services(
            [.storageKV(quotaBytes: 1 << 20)],
            valueLimits: PluginValuesLimits(maxFileBytes: 64 << 10)
        )
        #expect(throws: ServiceError.unavailable) {
            try services.put(
                [UInt8](repeating: 0, count: 200_000),
                forKey: [1],
                expectedRevision: 0,
                timeToLiveSeconds: 0
            )
        }
        #expect(plugin.notes.all == [.storeFailed(reason: "database or disk is full")])
    }

    @Test("a plugin with storage.dir gets a folder of its own, with its quota")
    func folder() throws {
        let services = try plugin.services([.storageDirectory(quotaBytes: 1 << 20)])
        #expect(services.dataFolder == plugin.scratch.path + "/data/plugins/acme__notes")
        #expect(services.dataFolderQuotaBytes == 1 << 20)
        #expect(services.dataFolderUsage()?.usedBytes == 0)
        #expect(try plugin.scratch.mode(of: "data/plugins/acme__notes") == 0o700)
    }

    @Test(
        "an exchange that the host's part refuses is told to the operator without what may be secret in its URL",
        arguments: [
            ("https://api.a.example/v1?key=k", .upstream, nil),
            ("https://b.example:8443/v1?key=k", .denied, "network.http \"GET https://b.example:8443\""),
            ("http://user:k@b.example#k", .denied, "network.http \"GET http://b.example\""),
            ("//k", .denied, "network.http \"GET an unreadable URL\""),
        ] as [(String, ServiceError, String?)]
    )
    func exchanges(url: String, expected: ServiceError, note: String?) throws {
        let services = try plugin.services([.networkHTTP(hosts: ["*.a.example"], methods: ["GET"])])
        #expect(throws: expected) {
            try services.startExchange(plugin.request(url), for: plugin.call(), events: NoExchange())
        }
        #expect(plugin.notes.all == (note.map { [.denied(what: $0)] } ?? []))
    }

    @Test("metrics of one plugin go on over its next start")
    func metrics() throws {
        let definition = MetricDefinition(name: "total", kind: .counter, labels: ["kind"])
        let first = try plugin.services([])
        let number = try first.defineMetric(definition)
        first.record(metric: number, value: 2, labels: ["a"])
        let next = try plugin.services([])
        #expect(try next.defineMetric(definition) == number)
        next.record(metric: number, value: 1, labels: ["a"])
        #expect(plugin.registry.prometheusText().contains("prax_plugin_acme__notes_total{kind=\"a\"} 3\n"))
    }
}
