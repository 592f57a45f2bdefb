import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A store behind nginx") struct NginxTests {
    @Test("is searched, installed from, published anew, and upgraded from")
    func lifecycle() async throws {
        let store = try await CrashStore()
        let scratch = try ScratchFolder()
        let served = scratch.path + "/www"
        try FileManager.default.createSymbolicLink(atPath: served, withDestinationPath: store.folder(of: store.first))
        let nginx = try await Nginx(folder: served)
        let root = scratch.path + "/root"
        let host = { (arguments: [String]) async throws -> Command in
            try await store.host(arguments, root, nginx.address + "/")
        }
        try store.writeConfiguration(in: root)

        let search = try await host(["plugins", "search", "hello", "--json"])
        #expect(search.exitCode == 0, "\(search.errors)")
        #expect(try Self.versions(search, "packages") == ["1.0.0"])
        let install = try await host(["plugins", "install", "--yes", CrashStore.name])
        #expect(install.exitCode == 0, "\(install.errors)")
        #expect(try await Self.versions(host(["plugins", "list", "--json"]), "plugins") == ["1.0.0"])

        // As a publisher does: the new tree is there before the old one is let go.
        try FileManager.default.removeItem(atPath: served)
        try FileManager.default.createSymbolicLink(atPath: served, withDestinationPath: store.folder(of: store.second))
        #expect(try await Self.versions(host(["plugins", "search", "hello", "--json"]), "packages") == ["1.1.0"])
        let upgrade = try await host(["plugins", "install", "--yes", CrashStore.name])
        #expect(upgrade.exitCode == 0, "\(upgrade.errors)")
        #expect(try await Self.versions(host(["plugins", "list", "--json"]), "plugins") == ["1.1.0"])
        #expect(try await host(["plugins", "verify", "--all"]).exitCode == 0)

        // The old tree once more is a rollback, and is refused as one.
        try FileManager.default.removeItem(atPath: served)
        try FileManager.default.createSymbolicLink(atPath: served, withDestinationPath: store.folder(of: store.first))
        let rollback = try await host(["plugins", "install", "--yes", "--force", CrashStore.name])
        #expect(rollback.exitCode == 4, "\(rollback.errors)")
        #expect(rollback.errors.contains("rollback"), "\(rollback.errors)")
    }

    private static func versions(_ command: Command, _ key: String) throws -> [String] {
        let entries = try JSON.parse(command.output)[key]?.arrayValue ?? []
        return entries.filter { $0["name"]?.stringValue == CrashStore.name }.compactMap { $0["version"]?.stringValue }
    }
}
