import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A mirrored store behind nginx") struct MirrorTests {
    private let store: LifeStore
    private let scratch: ScratchFolder
    private var mirror: String { scratch.path + "/mirror" }

    init() async throws {
        store = try await LifeStore()
        scratch = try ScratchFolder()
        try await store.add("acme/one", "1.0.0")
        try await store.publish(1)
    }

    private func copy(from origin: Nginx) async throws {
        try await store.with { host in
            let result = try await host.cli(["plugins", "mirror", mirror, "--index", origin.address + "/"])
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    @Test("is installed from, found outdated, upgraded from, and carried to a host without a network")
    func life() async throws {
        let origin = try await Nginx(folder: store.index)
        try await copy(from: origin)
        let served = try await Nginx(folder: mirror)
        let index = ["--index", served.address + "/"]
        try await store.with { host in
            #expect(try await host.cli(["plugins", "install", "--yes", "acme/one"] + index).exitCode == 0)
            #expect(try await host.cli(["plugins", "outdated", "--exit-code"] + index).exitCode == 0)
            try await store.add("acme/one", "1.1.0")
            try await store.publish(2)
            try await copy(from: origin)
            #expect(try await host.cli(["plugins", "outdated", "--exit-code"] + index).exitCode == 11)
            let upgrade = try await host.cli(["plugins", "upgrade", "--all"] + index)
            #expect(upgrade.exitCode == 0, "\(upgrade.errors)")
            #expect(try await host.standing("acme/one") == "1.1.0 enabled")
            let bundle = scratch.path + "/one.praxbundle"
            let made = try await host.cli(["plugins", "bundle", "create", "-o", bundle, "acme/one"] + index)
            #expect(made.exitCode == 0, "\(made.errors)")
            try await store.with { second in
                let carried = try await second.cli(["plugins", "bundle", "install", bundle, "--offline"])
                #expect(carried.exitCode == 0, "\(carried.errors)")
                #expect(try await second.standing("acme/one") == "1.1.0 enabled")
            }
        }
    }

    @Test("does not send an index again that has not changed")
    func unchanged() async throws {
        let served = try await Nginx(folder: store.index)
        let index = ["--index", served.address + "/"]
        try await store.with { host in
            #expect(try await host.cli(["plugins", "install", "--yes", "acme/one"] + index).exitCode == 0)
            let search = try await host.cli(["plugins", "search", "one", "--json"] + index)
            #expect(try JSON.parse(search.output)["packages"]?.arrayValue?.count == 1)
            let answers = served.requests.filter { $0.hasSuffix(" /skills.json") }
            #expect(answers == ["200 /skills.json", "304 /skills.json"])
        }
    }
}
