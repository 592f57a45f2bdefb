import Core
import PraximousJSON
import Testing

@testable import Registry

/// The number is the one the attack has in the list of those that every store must withstand; what has none came later.
@Suite("An upgrade is refused, and the old release stays,")
struct HostileArchiveTests {
    @Test("for what stands around the files", arguments: ArchiveByteCases.listed + ArchiveByteCases.more)
    func bytes(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for a tar that ends too early", arguments: ArchiveByteCases.cuts)
    func cuts(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for headers that two readers could read differently", arguments: HeaderCases.listed + HeaderCases.more)
    func headers(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for names", arguments: NameCases.listed + NameCases.more)
    func names(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for links, devices and attributes", arguments: TypeCases.listed)
    func types(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for skill.yaml", arguments: ContentCases.listed + ContentCases.yaml)
    func manifests(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for the signed list and its signature", arguments: ContentCases.list)
    func lists(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for the index", arguments: IndexCases.listed + IndexCases.more)
    func indexes(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("for permissions that nobody has accepted", arguments: IndexCases.consent)
    func consent(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }

    @Test("15 for a package of a name that nobody may have", arguments: IndexCases.names)
    func packageNames(_ name: String) async throws {
        let attack = HostileCase("15 \(name)", "", exit: .notFound) { release in
            release.changeIndex = { index in
                guard var packages = index["packages"]?.objectValue else { return }
                packages[name] = packages["acme/hello"]
                index["packages"] = .object(packages)
            }
        }
        try await HostileStore.withstand(attack, arguments: ["plugins", "install", "--yes", name])
    }

    @Test("for the library", arguments: LibraryCases.listed + LibraryCases.more + LibraryCases.unruly)
    func libraries(_ attack: HostileCase) async throws { try await HostileStore.withstand(attack) }
}

@Suite("An upgrade goes through")
struct HarmlessArchiveTests {
    @Test(
        "when nothing is wrong with it, or only what does not count",
        arguments: [
            HostileCase("nothing wrong", "") { _ in }
        ] + ArchiveByteCases.harmless + TypeCases.ignored
    )
    func harmless(_ release: HostileCase) async throws {
        let store = try await HostileStore.upgraded(to: release)
        let modes = try store.modes()
        #expect(modes.values.allSatisfy { $0 == 0o444 || $0 == 0o555 }, "\(modes)")
    }
}
