import Core
import PraximousJSON

@testable import Registry

/// Attacks by the index.
enum IndexCases {
    /// skills.json as another text, signed as it is.
    private static func text(
        _ what: String,
        _ reason: String,
        _ change: @escaping @Sendable (String) -> String
    ) -> HostileCase {
        HostileCase(what, reason) { release in
            release.changeIndexText = { Array(change(String(decoding: $0, as: UTF8.self)).utf8) }
        }
    }

    private static func index(
        _ what: String,
        _ reason: String,
        exit: ExitCode = .verificationFailed,
        _ change: @escaping @Sendable (inout JSONObject) -> Void
    ) -> HostileCase {
        HostileCase(what, reason, exit: exit) { $0.changeIndex = change }
    }

    private static func artifact(
        _ what: String,
        _ reason: String,
        exit: ExitCode = .verificationFailed,
        _ key: String,
        _ value: JSON
    ) -> HostileCase {
        HostileCase(what, reason, exit: exit) { $0.changeArtifact = { $0[key] = value } }
    }

    static let listed: [HostileCase] = [
        HostileCase("1 an unknown key", "which is not known here") { $0.indexKey = TestKeys.stranger },
        HostileCase("3 a signature of another role", "is one for a manifest, expected one for") {
            $0.indexRole = .manifest
        },
        index("5 an index that has expired", "it expired at 2026-01-01T00:00:00Z") {
            $0["expires"] = "2026-01-01T00:00:00Z"
        },
        text("9 an index of 17 MB", "more than the") { $0 + String(repeating: " ", count: 17 << 20) },
        text("14 a key twice", "The index is refused") {
            $0.replacing("\"format\":1", with: "\"format\":1,\"format\":1")
        },
        text("14 10,000 levels", "The index is refused") {
            $0.replacing("\"format\":1", with: "\"format\":1,\"x\":" + String(repeating: "[", count: 10_000))
        },
        text("14 NaN", "The index is refused") { $0.replacing("\"format\":1", with: "\"format\":1,\"x\":NaN") },
        text("14 trailing data", "The index is refused") { $0 + "{}" },
        text("14 a byte order mark", "The index is refused") { "\u{feff}" + $0 },
        HostileCase("14 invalid UTF-8", "The index is refused") {
            $0.changeIndexText = { Array($0.dropLast()) + [0x22, 0xff, 0x22, 0x7d] }
        },
        HostileCase("17 no signature", "is not signed") { $0.indexRole = nil },
        HostileCase("18 a version that was taken back", "", exit: .notFound) { release in
            release.changeVersion = { $0["yanked"] = ["reason": "it crashes"] }
        },
        HostileCase("19 a package that was revoked", "revoked") { release in
            let digest = SHA256Digest(of: try release.build().archive).hex
            release.changeIndex = { $0["revoked"] = ["sha256": [.string(digest)], "keys": []] }
        },
        index("20 a clock that is behind the index", "the clock is wrong") { $0["generated"] = "2098-01-01T00:00:00Z" },
    ]

    static let more: [HostileCase] = [
        text("an empty index", "The index is refused") { _ in "" },
        text("an index that is a list", "a JSON array") { _ in "[]" },
        index("an index of format 2", "its format is 2, this host reads 1") { $0["format"] = 2 },
        index("an index without a version", "no version number") { $0["version"] = .null },
        index("an index of a negative version", "no version number") { $0["version"] = -1 },
        index("an expiry that cannot be read", "expires is no time") { $0["expires"] = "never" },
        artifact("another hash", "expected was 0000", "sha256", .string(String(repeating: "0", count: 64))),
        artifact("a package of 1 GB", "at most 134217728 are accepted", "size", .integer(1 << 30)),
        artifact("an address with a line feed", "which is no URL", "url", "packages/\nhello"),
        artifact("an address with an ESC", "which is no URL", "url", "packages/\u{1b}[2J"),
        artifact("an address of another kind", "gopher", "url", "gopher://127.0.0.1/hello"),
        artifact("an address by http", "it names an artifact at http:", "url", "http://127.0.0.1/hello"),
        artifact("the machine's own files", "bytes, expected were", "url", "../canary/passwd"),
        artifact("a size below zero", "", exit: .incompatible, "size", -1),
        artifact(
            "a hash in upper case",
            "",
            exit: .incompatible,
            "sha256",
            .string(String(repeating: "AB", count: 32))
        ),
        artifact("an unpacked size below zero", "bytes expected", "unpacked", -1),
        HostileCase("an owner whose key is another's", "which is not known here") { release in
            guard let key = TestKeys.stranger?.publicKey else { return }
            release.changeIndex = {
                $0["publishers"] = ["acme": ["keys": [["id": .string(key.id), "ed25519": .string(key.base64)]]]]
            }
        },
        HostileCase("a signer whose key was revoked", "") { release in
            let id = TestKeys.store?.publicKey.id ?? ""
            release.changeIndex = { $0["revoked"] = ["sha256": [], "keys": [.string(id)]] }
        },
    ]

    static let consent: [HostileCase] = [
        HostileCase(
            "62 permissions that grew",
            "asks for permissions nobody has accepted: network.http:*",
            exit: .refused
        ) { release in
            release.package.extra = "permissions: { network.http: { hosts: [\"*\"] } }"
            release.replace("skill.yaml", with: Array(release.package.manifest.utf8))
        },
        HostileCase("63 inproc although the policy says sandbox", "", exit: .refused) { release in
            release.package.extra = "isolation: { mode: inproc }"
            release.replace("skill.yaml", with: Array(release.package.manifest.utf8))
        },
    ]

    static let names = [
        "acme/con", "acme/..", "\u{430}cme/hello", "Acme/hello", "acme/" + String(repeating: "a", count: 300),
    ]
}
