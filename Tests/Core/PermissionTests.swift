import Core
import Testing

@Suite struct PermissionTests {
    private static let http = Permission.networkHTTP(hosts: ["api.acme.example"], methods: ["GET", "POST"])

    @Test("a permission has words for a person and tokens for a comparison")
    func ordinary() {
        #expect(Self.http.description == "Send GET and POST requests to api.acme.example")
        #expect(
            Self.http.tokens == [
                "network.http:api.acme.example", "network.http:method=GET", "network.http:method=POST",
            ]
        )
    }

    @Test(
        "each kind is said in words",
        arguments: [
            (.networkHTTP(hosts: ["*"], methods: []), "Send HTTP requests to any host"),
            (.storageKV(quotaBytes: 64 << 20), "Keep up to 64 MiB in a key-value store of its own"),
            (.storageDirectory(quotaBytes: 1), "Keep up to 1 bytes of files in a folder of its own"),
            (.invokeSkills(["acme/ocr", "acme/b"]), "Call acme/ocr and acme/b"),
            (.invokeSkills(["*"]), "Call every other skill"),
            (
                .invokeModels(capabilities: ["chat"], maxTokensPerCall: 4000),
                "Use models for chat, up to 4000 tokens a call"
            ),
            (.startPrograms, "Start programs; it runs without the sandbox, as the host's user"),
        ] as [(Permission, String)]
    )
    func words(_ permission: Permission, _ expected: String) { #expect(permission.description == expected) }

    @Test("starting programs is the one grant that nobody must overlook")
    func dangerous() {
        #expect(Permission.startPrograms.isDangerous)
        #expect(Permission.startPrograms.tokens == ["process.spawn:any"])
        #expect(!Self.http.isDangerous)
        #expect([.startPrograms].tokens(beyond: [Self.http]) == ["process.spawn:any"])
    }

    @Test("an upgrade that asks for more shows what is new")
    func growth() {
        let wider = Permission.networkHTTP(hosts: ["api.acme.example", "*.evil.example"], methods: ["GET", "PUT"])
        #expect(
            [wider].tokens(beyond: [Self.http]) == ["network.http:*.evil.example", "network.http:method=PUT"]
        )
        #expect([Self.http].tokens(beyond: [Self.http]) == [])
    }

    @Test("a smaller quota is nothing new, a larger one is")
    func quotas() {
        let (small, large) = (Permission.storageKV(quotaBytes: 1 << 20), Permission.storageKV(quotaBytes: 2 << 20))
        #expect([small].tokens(beyond: [large]) == [])
        #expect([large].tokens(beyond: [small]) == ["storage.kv:quota=2097152"])
        #expect([small].tokens(beyond: []) == ["storage.kv:quota=1048576"])
    }

    @Test("taking away a limit of tokens is something new")
    func unlimited() {
        let limited = Permission.invokeModels(capabilities: ["chat"], maxTokensPerCall: 10)
        let unlimited = Permission.invokeModels(capabilities: ["chat"], maxTokensPerCall: nil)
        #expect([unlimited].tokens(beyond: [limited]) == ["invoke.models:max_tokens=any"])
        #expect([limited].tokens(beyond: [unlimited]) == [])
    }
}
