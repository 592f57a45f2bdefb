import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON
import Supervision
import Workers

struct PluginsFuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Ask a plugin for anything, made at random of its schemas and examples, until it breaks.",
        discussion: """
            It runs in workers in the sandbox. A crash, a hang and an answer that is no JSON are findings: the request is
            saved, and the command that puts it again is printed. Exit code 5 when there is one.

            EXAMPLE:
              prax-host plugins fuzz ./my-skill -d 60
              prax-host plugins fuzz ./my-skill --operation greet --input fuzz-findings/greet-1.json
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The folder with skill.yaml, or the library in it (default: this folder).")
    var path = "."

    @Option(name: .customShort("d"), help: ArgumentHelp("For so long.", valueName: "seconds"))
    var seconds = 30

    @Option(help: "The seed of an earlier run, which printed it.")
    var seed: UInt64?

    @Option(help: "Only this operation.")
    var operation: String?

    @Option(help: ArgumentHelp("Put this request to --operation, and no other.", valueName: "file"))
    var input: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where findings are saved.", valueName: "dir"))
    var output = "fuzz-findings"

    @Option(help: "How it is to run: process, sandbox or strict (default: as it would in a host).")
    var isolation: IsolationPolicy.Mode?

    func validate() throws {
        guard 1...86_400 ~= seconds else { throw ValidationError("-d takes 1 to 86400 seconds.") }
        if input != nil, operation == nil { throw ValidationError("--input needs --operation.") }
    }

    func run() throws {
        let folder = try PluginFolder(path: PluginReference.folder(path), origin: .local)
        if let operation, !folder.manifest.operations.contains(where: { $0.name == operation }) {
            let names = folder.manifest.operations.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .notFound,
                "\(folder.manifest.name) has no operation '\(operation)'.",
                hint: "It has: \(names)"
            )
        }
        let seed = seed ?? .random(in: 1...999_999_999)
        let fuzzer = Fuzzer(
            bench: try bench(folder),
            seed: seed,
            deadline: MonotonicClock.deadline(in: .seconds(seconds)),
            operation: operation
        )
        if let input { return try replay(input, fuzzer, folder) }
        if !options.quiet { Terminal.say("Seed \(seed), \(seconds) s.") }
        let result = try fuzzer.run { finding in try save(finding, folder) }
        if options.json {
            print(json(result, seed, folder).text)
        } else {
            result.findings.forEach { show($0, folder) }
            print("\(result.requests) requests, \(result.findings.count) findings; seed \(seed)")
        }
        if !result.findings.isEmpty { throw CommandFailure(.incompatible, "", code: "fuzz_findings") }
    }

    private func bench(_ folder: PluginFolder) throws -> CheckBench {
        let configuration = try HostConfiguration.read(options.installation)
        let name = folder.manifest.name.description
        var wanted = configuration.isolation
        if let isolation { wanted.plugins[name, default: IsolationSettings.Plugin()].mode = isolation }
        let decision = IsolationPolicy(settings: wanted).decide(folder.manifest, origin: .local)
        decision.tellNotice(of: folder.manifest)
        return CheckBench(
            folder: folder,
            decision: decision,
            settings: PluginSettings(config: configuration.plugins[name]?.config ?? [:]),
            runtime: WorkerRuntime(executable: HostLayout.executable, settings: configuration.workers),
            check: Check("fuzz", 1, "Whatever is asked, it is answered.", seconds: seconds) { _ in nil },
            seed: seed ?? 0,
            // The last worker has time to start.
            deadline: MonotonicClock.deadline(in: .seconds(seconds + 60))
        )
    }

    private func replay(_ input: String, _ fuzzer: Fuzzer, _ folder: PluginFolder) throws {
        guard let bytes = FileManager.default.contents(atPath: input) else {
            throw CommandFailure(.notFound, "There is no \(input).")
        }
        guard let operation = folder.manifest.operations.first(where: { $0.name == operation }) else { return }
        let failure = try fuzzer.replay([UInt8](bytes), of: operation)
        if options.json {
            let found: JSON = failure.map { .string($0.found) } ?? .null
            print((["ok": .bool(failure == nil), "found": found] as JSON).text)
        } else {
            print(failure.map { "\(operation.name): \($0.found)" } ?? "\(operation.name): ok")
        }
        if failure != nil { throw CommandFailure(.incompatible, "", code: "fuzz_findings") }
    }

    /// Named after what is in it, so that the same request is saved once.
    private func save(_ finding: Fuzzer.Finding, _ folder: PluginFolder) throws -> Fuzzer.Finding {
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        // FNV-1a.
        let hash = finding.request.parameters.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        var finding = finding
        finding.file = "\(output)/\(finding.request.operation)-\(String(hash, radix: 16)).json"
        try Data(finding.request.parameters).write(to: URL(fileURLWithPath: finding.file))
        return finding
    }

    private func show(_ finding: Fuzzer.Finding, _ folder: PluginFolder) {
        print("FOUND \(finding.request.operation): \(finding.failure.found)")
        print("      request:  \(finding.request.sample)")
        print("      do:       \(finding.failure.fix)")
        print("      again:    \(command(finding, folder))")
    }

    private func command(_ finding: Fuzzer.Finding, _ folder: PluginFolder) -> String {
        "prax-host plugins fuzz \(folder.path.quotedForShell) --operation \(finding.request.operation) "
            + "--input \(finding.file.quotedForShell)"
    }

    private func json(
        _ result: (requests: Int, findings: [Fuzzer.Finding]),
        _ seed: UInt64,
        _ folder: PluginFolder
    ) -> JSON {
        let findings = result.findings.map { finding -> JSON in
            [
                "operation": .string(finding.request.operation), "found": .string(finding.failure.found),
                "file": .string(finding.file), "again": .string(command(finding, folder)),
            ]
        }
        return [
            "requests": .integer(result.requests), "seed": .integer(Int(clamping: seed)), "findings": .array(findings),
        ]
    }
}
