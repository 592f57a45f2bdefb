import Core
import Foundation
import PluginRuntime
import PraximousJSON

extension Check {
    /// What skill.yaml says; nothing of the plugin runs.
    static let manifest = [
        Check("manifest/known-words", 1, "skill.yaml holds nothing that this host does not know.") { bench in
            // Examples have a check of their own.
            let warnings = bench.folder.warnings.filter { !$0.contains("the example does not pass") }
            guard let warning = warnings.first else { return nil }
            throw CheckFailure(warning, fix: "Remove it, or mend the word.")
        },
        Check("manifest/library", 1, "skill.yaml's `entry` names a library that is there.") { bench in
            let path = try bench.folder.libraryPath()
            guard FileManager.default.fileExists(atPath: path) else {
                throw CheckFailure("there is no \(path)", fix: "prax-host plugins build")
            }
            return nil
        },
        Check("manifest/fits-host", 1, "This host is one that skill.yaml asks for.") { bench in
            try bench.manifest.checkFits()
            return nil
        },
        Check("manifest/parameter-schemas", 1, "Each parameters_schema can be used.") { bench in
            for operation in bench.operations {
                try compile(operation.parametersSchema, "parameters_schema", operation)
            }
            return nil
        },
        Check("manifest/result-schemas", 1, "Each result_schema can be used.") { bench in
            let schemas = bench.operations.compactMap { operation in operation.resultSchema.map { (operation, $0) } }
            for (operation, schema) in schemas { try compile(schema, "result_schema", operation) }
            return schemas.isEmpty ? "no operation has a result_schema" : nil
        },
        Check("manifest/valid-examples", 1, "Each example is a request that its schema allows.", run: examplesAreValid),
        Check("manifest/config-schema", 1, "The config_schema can be used, and allows its own defaults.") { bench in
            guard bench.manifest.configSchema != nil else { return "skill.yaml has no config_schema" }
            do { _ = try PluginSettings().completed(by: bench.manifest) } catch let error as Refusal {
                guard error.reason == .config else { throw error }
                return "it needs a configuration: \(error.message)"
            }
            return nil
        },
        Check("manifest/description", 2, "skill.yaml describes the plugin.") { bench in
            guard bench.manifest.description.isEmpty else { return nil }
            throw CheckFailure("no description", fix: "Say in one sentence what it does; `plugins search` looks there.")
        },
        Check("manifest/operation-descriptions", 2, "Each operation is described.") { bench in
            guard let operation = bench.operations.first(where: \.description.isEmpty) else { return nil }
            throw CheckFailure("\(operation.name) has no description", fix: "Say in one sentence what it does.")
        },
        Check("manifest/secrets", 3, "Each secret is described, since the operator is asked for it.") { bench in
            guard !bench.manifest.secrets.isEmpty else { return "skill.yaml declares no secrets" }
            guard let secret = bench.manifest.secrets.first(where: \.description.isEmpty) else { return nil }
            throw CheckFailure("\(secret.name) has no description", fix: "Say where to get it.")
        },
        Check("manifest/hosts", 3, "HTTP is asked for with hosts by name.") { bench in
            for case .networkHTTP(let hosts, _) in bench.manifest.permissions where hosts.contains("*") {
                throw CheckFailure("network.http asks for every host", fix: "Name the hosts, such as api.acme.example.")
            }
            return nil
        },
        Check("manifest/license", 4, "skill.yaml names the licence as an SPDX expression.", run: licenseIsSPDX),
        Check("manifest/author", 4, "skill.yaml names the author.") { bench in
            guard bench.manifest.author?.name.isEmpty != false else { return nil }
            throw CheckFailure("no author", fix: "author: { name: Acme }")
        },
        Check("manifest/examples", 6, "Each operation has an example.") { bench in
            guard let operation = bench.operations.first(where: { $0.example == nil }) else { return nil }
            throw CheckFailure("\(operation.name) has none", fix: "Add example: { request: { ... } }.")
        },
        Check("manifest/readme", 7, "A README.md lies beside skill.yaml.") { bench in
            guard !FileManager.default.fileExists(atPath: bench.folder.path + "/README.md") else { return nil }
            throw CheckFailure(
                "there is none",
                fix: "Write one: it goes into the package, and `plugins info` shows it."
            )
        },
        Check("manifest/packable", 7, "The library lies below lib/, where a package keeps it.") { bench in
            let paths = bench.manifest.entry.values.sorted()
            guard let path = paths.first(where: { !$0.hasPrefix("lib/") }) else { return nil }
            throw CheckFailure("`entry` says \(path)", fix: "Write lib/linux-x86_64/skill.so and build it there.")
        },
    ]

    private static func compile(_ schema: JSON, _ key: String, _ operation: Manifest.Operation) throws {
        do { _ = try JSONSchema.compile(schema) } catch {
            throw CheckFailure("the \(key) of \(operation.name) cannot be used: \(error)", fix: "Mend skill.yaml.")
        }
    }

    @Sendable private static func examplesAreValid(_ bench: CheckBench) throws -> String? {
        var count = 0
        for operation in bench.operations {
            guard let example = Requests(operation: operation).example else { continue }
            count += 1
            guard let schema = try? JSONSchema.compile(operation.parametersSchema),
                let violation = schema.validate(example).first
            else { continue }
            throw CheckFailure(
                "the example of \(operation.name) does not fit its parameters_schema: \(violation)",
                fix: "Mend one of the two."
            )
        }
        return count == 0 ? "no operation has an example" : nil
    }

    /// Names joined by AND, OR, WITH and parentheses (SPDX specification, annex D).
    @Sendable private static func licenseIsSPDX(_ bench: CheckBench) throws -> String? {
        let text = bench.manifest.license ?? ""
        let words = text.split { " ()".contains($0) }
        let isWord = { (word: Substring) in
            word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-+:".contains($0)) }
        }
        let joins = words.filter { ["AND", "OR", "WITH"].contains($0) }.count
        guard !words.isEmpty, words.allSatisfy(isWord), words.count == 2 * joins + 1 else {
            throw CheckFailure(
                text.isEmpty ? "no license" : "license: \(text.quotedForMessage())",
                fix: "Write an SPDX expression, such as Apache-2.0 or MIT OR Apache-2.0."
            )
        }
        return nil
    }
}
