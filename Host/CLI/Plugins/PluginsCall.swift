import Access
import ArgumentParser
import Core
import Foundation
import Logging
import PluginRuntime
import PraximousJSON
import Supervision
import Workers

struct PluginsCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Run one operation of a plugin by hand and print its result.",
        discussion: """
            It runs as it would in a host, a local or installed plugin in a worker in the sandbox, with its
            configuration and its secrets; what it is denied is shown on standard error. Nothing is behind the
            services it was granted: HTTP and other skills are not available, and what it stores is forgotten.

            EXAMPLE:
              prax-host plugins call ./my-skill greet --json-args '{"name": "Ada"}'
              prax-host plugins call echo echo_operation --json-args '{"prompt": "hi"}'
              prax-host plugins call ./my-provider chat --stream --json-args "$(cat request.json)"
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "A plugin's folder, its name, or its task type.")
    var plugin: String

    @Argument(help: "The operation.")
    var operation: String

    @Option(help: "The parameters: one JSON object.")
    var jsonArgs = "{}"

    @Flag(help: "Print each event as it comes, and the result after them: one JSON object a line.")
    var stream = false

    @Option(help: "How it is to run: inproc, process, sandbox or strict (default: as it would in a host).")
    var isolation: IsolationPolicy.Mode?

    func run() async throws {
        let configuration = try HostConfiguration.read(options.installation)
        let folder = try find(configuration)
        guard let operation = folder.manifest.operations.first(where: { $0.name == operation }) else {
            let names = folder.manifest.operations.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .notFound,
                "\(folder.manifest.name) has no operation '\(operation)'.",
                hint: "It has: \(names)"
            )
        }
        let parameters = try parsedParameters()
        try check(parameters, operation)
        let settings = PluginSettingsSource(
            configuration: configuration,
            environment: try HostEnvironment(
                process: ProcessInfo.processInfo.environment,
                file: options.installation.environmentFile
            )
        )
        var logger = Logger(label: "praximous") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = options.quiet ? .error : configuration.logLevel
        let call = SkillCall(
            operation: operation.name,
            parameters: parameters.encoded(),
            context: CallContext(requestID: "plugins-call"),
            timeout: operation.timeout ?? configuration.callTimeout,
            events: stream ? EventQueue() : nil
        )
        let decision = decision(for: folder, configuration)
        if !options.quiet { decision.tellNotice(of: folder.manifest) }
        let own = settings.settings(for: folder.manifest)
        async let printed: Void = printEvents(call.events)
        // However it ends, there are no more events then.
        defer { call.events?.close() }
        let outcome =
            decision.mode == .inproc
            ? try await callHere(folder, call, own, logger)
            : try await callWorker(folder, call, own, decision, configuration.workers, logger)
        call.events?.close()
        await printed
        switch outcome {
        case .result(let bytes): printLine("result", bytes)
        case .failure(let failure):
            throw CommandFailure(.internalError, failure.message, hint: failure.hint, code: failure.code)
        }
    }

    private func printEvents(_ events: EventQueue?) async {
        while let event = await events?.next() { printLine(event.kind, event.json) }
    }

    private func printLine(_ kind: String, _ json: [UInt8]) {
        let text = String(decoding: json, as: UTF8.self)
        print(stream ? "{\"kind\":\(JSON.string(kind).text),\"data\":\(text)}" : text)
    }

    private func decision(
        for folder: PluginFolder,
        _ configuration: HostConfiguration
    ) -> IsolationPolicy.Decision {
        var wanted = configuration.isolation
        let name = folder.manifest.name.description
        if let isolation { wanted.plugins[name, default: IsolationSettings.Plugin()].mode = isolation }
        return IsolationPolicy(settings: wanted).decide(folder.manifest, origin: folder.origin)
    }

    /// In this process: only for what would run inside the host as well.
    private func callHere(
        _ folder: PluginFolder,
        _ call: SkillCall,
        _ settings: PluginSettings,
        _ logger: Logger
    ) async throws -> CallOutcome {
        let instance = try PluginLoader(logger: logger).load(folder, settings: settings)
        let outcome = await SkillCalls().call(
            instance,
            operation: call.operation,
            parameters: call.parameters,
            context: call.context,
            timeout: call.timeout,
            events: call.events
        )
        // What the plugin does after its answer is part of the picture: a second finish() is reported, too.
        await instance.retire(waitingAtMost: .seconds(2))
        return outcome
    }

    private func callWorker(
        _ folder: PluginFolder,
        _ call: SkillCall,
        _ settings: PluginSettings,
        _ decision: IsolationPolicy.Decision,
        _ workers: WorkerSettings,
        _ logger: Logger
    ) async throws -> CallOutcome {
        let runtime = WorkerRuntime(executable: HostLayout.executable, settings: workers)
        let trial = try PluginTrial(
            folder,
            decision,
            settings: settings,
            patience: workers.startTimeout,
            in: runtime,
            logger: logger
        )
        try trial.start()
        let outcome = await trial.call(call)
        // A crash has been told by the outcome.
        _ = try? trial.finish()
        for denial in trial.denials { Terminal.say("denied: \(denial.sentence)") }
        return outcome ?? .failure(.callCancelled)
    }

    private func find(_ configuration: HostConfiguration) throws -> PluginFolder {
        if FileManager.default.fileExists(atPath: plugin) {
            return try PluginFolder(path: PluginReference.folder(plugin), origin: .local)
        }
        let folders = PluginFolders(root: options.installation, configuration: configuration).scan().found
        let found = folders.first { folder in
            folder.manifest.name.description == plugin || folder.manifest.taskType == plugin
                || folder.manifest.name.name == plugin
        }
        guard let found else {
            throw CommandFailure(
                .notFound,
                "There is no plugin '\(plugin)'.",
                hint: "prax-host plugins list shows what is there."
            )
        }
        return found
    }

    private func parsedParameters() throws -> JSON {
        do {
            let value = try JSON.parse(jsonArgs)
            guard case .object = value else {
                throw CommandFailure(.usage, "--json-args must be a JSON object, found \(value.typeName).")
            }
            return value
        } catch let error as JSONError {
            throw CommandFailure(.usage, "--json-args is not JSON: \(error).")
        }
    }

    private func check(_ parameters: JSON, _ operation: Manifest.Operation) throws {
        let schema = try JSONSchema.compile(operation.parametersSchema)
        guard let violation = schema.validate(parameters).first else { return }
        throw CommandFailure(.usage, violation.override ?? violation.sentence, code: "invalid_parameters")
    }
}
