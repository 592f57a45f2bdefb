import Core
import Testing

@Suite struct PermissionTests {
    @Test(
        "a role allows what is its own and nothing else",
        arguments: [
            (Role.viewer, "skills:read models:read audit:read"),
            (.developer, "skills:read skills:invoke skills:invoke:echo models:read models:invoke"),
            (
                .admin,
                "skills:read skills:invoke skills:invoke:echo models:read models:invoke audit:read plugins:read "
                    + "plugins:manage keys:manage"
            ),
        ]
    )
    func roles(role: Role, allowed: String) throws {
        let all = [
            "skills:read", "skills:invoke", "skills:invoke:echo", "models:read", "models:invoke", "audit:read",
            "plugins:read", "plugins:manage", "keys:manage", "unknown:scope",
        ]
        let scopes = try all.map { try #require(Scope($0)) }
        let principal = Principal(keyID: "k", name: "n", role: role)
        #expect(scopes.filter(principal.allows).map(\.text).joined(separator: " ") == allowed)
    }

    @Test(
        "a scope covers itself and narrower ones",
        arguments: [
            ("skills:invoke", "skills:invoke", true), ("skills:invoke", "skills:invoke:echo", true),
            ("skills:invoke:echo", "skills:invoke", false), ("skills:invoke:echo", "skills:invoke:echo2", false),
            ("skills:invoke:echo", "skills:invoke:echo:fast", true), ("skills:read", "skills:invoke", false),
        ]
    )
    func covers(held: String, asked: String, expected: Bool) throws {
        #expect(try #require(Scope(held)).covers(try #require(Scope(asked))) == expected)
    }

    @Test(
        "a key for one model may ask that one and no other, whatever its name holds",
        arguments: [
            ("models:invoke:gpt-4o", "gpt-4o", true), ("models:invoke:gpt-4o", "gpt-4o-mini", false),
            ("models:invoke:llama3", "llama3:8b", true), ("models:invoke", "Qwen/Qwen3 8B", true),
            ("models:invoke:Qwen/Qwen3-8B", "Qwen/Qwen3-8B", true), ("skills:invoke", "gpt-4o", false),
        ]
    )
    func models(held: String, model: String, expected: Bool) throws {
        let key = Principal(keyID: "k", name: "n", role: .developer, scopes: [try #require(Scope(held))])
        #expect(key.mayInvoke(model: model) == expected)
    }

    @Test("scopes on a key narrow its role and never widen it")
    func narrows() {
        let key = Principal(keyID: "k", name: "n", role: .viewer, scopes: [.auditRead, .keysManage])
        #expect(key.allows(.auditRead))
        #expect(!key.allows(.skillsRead))
        #expect(!key.allows(.keysManage))
        #expect(!Principal(keyID: "k", name: "n", role: .admin, scopes: []).allows(.skillsRead))
    }

    @Test(
        "a text that is no scope is none",
        arguments: ["", "skills", ":", "skills:", ":read", "a::b", "Skills:read", "a:b c", "a:*", "a:b\n"]
    )
    func refuses(text: String) {
        #expect(Scope(text) == nil)
    }

    @Test("a scope has at most 128 bytes", arguments: [(126, true), (127, false)])
    func bounds(letters: Int, accepted: Bool) {
        #expect((Scope("a:" + String(repeating: "b", count: letters)) != nil) == accepted)
    }

    @Test("roles are ordered by what they may do")
    func ordered() {
        #expect([Role.admin, .viewer, .developer].sorted() == [.viewer, .developer, .admin])
    }

    @Test("a request's id is a UUID of version 4 that begins with the time")
    func requestIDs() throws {
        let clock = WallClock { 0x0192_F0C1_2345 * 1000 }
        let id = RequestID.make(clock: clock)
        #expect(id.wholeMatch(of: /0192f0c1-2345-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(Set((0..<1000).map { _ in RequestID.make(clock: clock) }).count == 1000)
    }
}
