import Foundation
import TestSupport
import Testing

@Suite("The layers") struct LayerTests {
    @Test("import only what the table lists for them", arguments: Layer.all + Layer.plugins + Layer.elsewhere)
    func imports(_ layer: Layer) throws {
        let files = try SourceFile.below(layer.folder, suffixes: ".swift")
        #expect(!files.isEmpty)
        #expect(files.flatMap { layer.violations(in: $0) } == [])
    }

    @Test("hold every Swift file of the host, the plugin API and the plugins")
    func complete() throws {
        let folders = (Layer.all + Layer.plugins + Layer.elsewhere).map { $0.folder + "/" }
        let files = try SourceFile.below("Host", "PluginAPI", "Plugins", suffixes: ".swift")
        #expect(files.map(\.path).filter { path in !folders.contains { path.hasPrefix($0) } } == [])
    }

    @Test("stand in one order: each of ours is above what imports it")
    func order() {
        var above: Set = ["CPraximous"]
        for layer in Layer.all {
            #expect(layer.ours.isSubset(of: above), "\(layer.target)")
            above.insert(layer.target)
        }
    }

    @Test("depend in Package.swift on what the table lists, no more and no less", arguments: Layer.all)
    func manifest(_ layer: Layer) throws {
        #expect(try PackageManifest().dependencies(of: layer.target) == layer.ours.union(layer.outside))
    }

    @Test("keep Foundation out of plugins and of what they are made with")
    func foundation() throws {
        let files = try SourceFile.below("PluginAPI", "Plugins", suffixes: ".swift")
        #expect(files.filter { $0.imports.contains { $0.hasPrefix("Foundation") } }.map(\.path) == [])
    }

    @Test("are told from a file that skips one")
    func selfTest() {
        let text = """
            package import Core
            @_exported import struct GRDB.Row
            internal import Registry.Sub
            @preconcurrency import Hummingbird
            // import Nothing
            let text = "import Nothing"
            """
        let file = SourceFile(path: "Host/Storage/Made.swift", text: text)
        #expect(file.imports == ["Core", "GRDB", "Registry", "Hummingbird"])
        let storage = Layer(target: "Storage", folder: "Host/Storage", ours: ["Core"], outside: ["GRDB"])
        #expect(
            storage.violations(in: file) == [
                "Host/Storage/Made.swift imports Registry", "Host/Storage/Made.swift imports Hummingbird",
            ]
        )
    }

    @Test("are told from a manifest with another dependency")
    func manifestSelfTest() {
        let manifest = PackageManifest(
            text: """
                let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
                .target(name: "Core", path: "x"),
                .target(
                    name: "Made",
                    dependencies: ["Core", grdb, .product(name: "NIOCore", package: nio), "Egress"],
                    path: "y"
                )
                """
        )
        #expect(manifest.dependencies(of: "Made") == ["Core", "GRDB", "NIOCore", "Egress"])
        #expect(manifest.dependencies(of: "Core") == [])
        #expect(manifest.dependencies(of: "Mad") == nil)
    }
}

extension Layer {
    func violations(in file: SourceFile) -> [String] {
        file.imports.filter { !allowed.contains($0) }.map { "\(file.path) imports \($0)" }
    }
}
