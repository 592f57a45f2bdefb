import Foundation
import Glibc
import Synchronization

/// Plugin folders made by the tests: a skill.yaml and a library compiled from one C file, each once per run.
package enum PluginFixture {
    package struct DoesNotCompile: Error { let messages: String }

    /// Where C sources of tests find what they share.
    package static let includes = SourceTree.path("Tests/Support/Fixtures")

    private static let built = Mutex<[String: ScratchFolder]>([:])

    /// The folder of a plugin whose source is `source` (a path) and whose manifest is `manifest`; the library goes by
    /// `skill.so`.
    ///
    /// Different `variant`s of one source are compiled with `-DVARIANT_<variant>`.
    package static func folder(source: String, manifest: String, variant: String = "plain") throws -> String {
        try built.withLock { built in
            if let folder = built[source + variant] { return folder.path }
            if built.isEmpty { atexit { PluginFixture.built.withLock { $0 = [:] } } }
            let folder = try ScratchFolder()
            try folder.write(manifest, to: "skill.yaml")
            try compile(source, variant, into: folder.path + "/skill.so")
            built[source + variant] = folder
            return folder.path
        }
    }

    private static func compile(_ source: String, _ variant: String, into library: String) throws {
        let program = try ChildProgram(
            [
                "clang", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread",
                "-fvisibility=hidden", "-I" + SourceTree.path("PluginAPI/include"), "-I" + includes,
                "-DVARIANT_" + variant,
                "-Wl,--version-script=" + SourceTree.path("PluginAPI/exports.map"), "-o", library, source,
            ],
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        )
        guard program.waitForExit(seconds: 60) == 0 else { throw DoesNotCompile(messages: program.errors.wait()) }
    }

    /// A manifest with one operation per name; the first is the default.
    package static func manifest(name: String, taskType: String, operations: [String], timeout: String? = nil) -> String
    {
        let list = operations.enumerated().map { position, operation in
            """
                - name: \(operation)
                  default: \(position == 0)
                  description: A way to behave.
            \(timeout.map { "      timeout_s: \($0)\n" } ?? "")      parameters_schema: { type: object }
            """
        }.joined(separator: "\n")
        return """
            apiVersion: praximous.dev/v1
            kind: skill
            name: \(name)
            version: 1.0.0
            title: Fixture
            description: A plugin for tests.
            author: { name: Praximous }
            license: Apache-2.0
            min_host: 0.1.0
            abi: { major: 1, min_minor: 0 }
            entry: { linux-x86_64: skill.so, linux-aarch64: skill.so }
            task_type: \(taskType)
            capabilities:
              operations:
            \(list)

            """
    }
}
