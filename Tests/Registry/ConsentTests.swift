import Core
import Testing

@testable import Registry

@Suite("Consent")
struct ConsentTests {
    private let permissions = """
        permissions:
          network.http: { hosts: ["api.acme.example"], methods: [GET] }
        """

    private func store() throws -> TestStore {
        var package = TestPackage()
        package.extra = permissions
        let store = try TestStore()
        try store.add(package)
        try store.publish()
        return store
    }

    private func options(_ accepted: String?, answer: Bool? = nil) -> InstallOptions {
        guard let answer else { return InstallOptions(consent: Consent(accepted: Consent.accepted(accepted))) }
        return InstallOptions(consent: Consent(accepted: Consent.accepted(accepted), ask: { _ in answer }))
    }

    @Test("is not asked for when nothing is wanted")
    func nothing() async throws {
        let store = try TestStore()
        try store.add(TestPackage())
        try store.publish()
        try await store.install("hello", options: options(nil, answer: false))
        #expect(store.installed.count == 1)
    }

    @Test("that nobody gave stops the installation with the flag to pass")
    func missing() async throws {
        let error = try #require(try await store().refusal("hello"))
        #expect(error.exitCode == .refused)
        #expect(error.hint == "If you agree, pass --accept-permissions 'network.http:api.acme.example'.")
    }

    @Test(
        "is given by a list that covers everything",
        arguments: [
            "all", "network.http:api.acme.example", "network.http",
            "network.http:api.acme.example,network.http:method=GET",
        ]
    )
    func listed(_ list: String) async throws {
        let store = try store()
        try await store.install("hello", options: options(list))
        #expect(store.installed.count == 1)
    }

    @Test(
        "for something else is none",
        arguments: ["network.http:other.example", "storage.kv", "", "network.http:method=GET"]
    )
    func other(_ list: String) async throws {
        #expect(try await store().refusal("hello", options: options(list))?.exitCode == .refused)
    }

    @Test("of a person counts, and so does a no")
    func person() async throws {
        let store = try store()
        #expect(try await store.refusal("hello", options: options(nil, answer: false))?.exitCode == .refused)
        try await store.install("hello", options: options(nil, answer: true))
        #expect(store.installed.count == 1)
    }

    @Test("is asked for again when a newer version wants more, and only then")
    func upgrade() async throws {
        let store = try store()
        try await store.install("hello", options: options("all"))
        var same = TestPackage()
        (same.version, same.extra) = ("1.1.0", permissions)
        var more = TestPackage()
        (more.version, more.extra) = ("1.2.0", permissions.replacing("[GET]", with: "[GET, POST]"))
        try store.add(same)
        try store.publish(version: 2)
        #expect(try await store.install("hello").map(\.change) == [.upgraded])
        try store.add(more)
        try store.publish(version: 3)
        let error = try #require(try await store.refusal("hello"))
        #expect(error.hint == "If you agree, pass --accept-permissions 'network.http:method=POST'.")
    }

    @Test("comes before any code of the package runs")
    func beforeCode() async throws {
        let store = try store()
        store.checkLibrary = { _ in Issue.record("the library was loaded without consent") }
        _ = try await store.refusal("hello")
    }
}
