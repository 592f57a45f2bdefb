import Core
import PluginRuntime
import Services
import Storage
import Synchronization
import TestSupport

/// The plugin `acme/notes` and a host for it; each call of ``services(_:isBare:valueLimits:)`` is a start of it.
final class TestPlugin: Sendable {
    let scratch: TemporaryFolder
    let registry = MetricRegistry()
    let notes = Collected<ServiceNote>()
    let started = Collected<SkillInvocation>()

    init() throws { scratch = try TemporaryFolder() }

    func request(_ url: String = "https://api.a.example/") -> HTTPExchangeRequest {
        HTTPExchangeRequest(
            method: "GET",
            url: url,
            headers: [],
            body: [],
            timeoutMilliseconds: 0,
            firstByteMilliseconds: 0,
            idleMilliseconds: 0
        )
    }

    /// A bare one has nothing of the host but metrics.
    func services(
        _ permissions: [Permission],
        isBare: Bool = false,
        valueLimits: PluginValuesLimits = PluginValuesLimits(),
        mail: MailPolicy? = nil
    ) throws -> LocalServices {
        let root = InstallationRoot(scratch.path)
        let manifest = Manifest(
            name: try PluginName.parse("acme/notes"),
            version: SemanticVersion(1, 0, 0),
            permissions: permissions,
            secrets: [
                Manifest.SecretDeclaration(name: "ACME_KEY", isRequired: true),
                Manifest.SecretDeclaration(name: "ACME_UNSET"),
            ]
        )
        // Reaches nobody at api.a.example, and refuses all others.
        let exchange: LocalServices.StartExchange = { request, _, _ throws(ServiceError) in
            throw request.url.hasPrefix("https://api.a.example/") ? ServiceError.upstream : ServiceError.denied
        }
        let secrets = ["ACME_KEY": Secret("s3cret"), "UNDECLARED": Secret("s3cret")]
        return try LocalServices(
            manifest: manifest,
            settings: PluginSettings(secrets: secrets),
            root: root,
            metrics: registry,
            values: isBare ? nil : try PluginValues(path: root.pluginDatabase, limits: valueLimits),
            exchange: isBare ? nil : exchange,
            invoker: isBare ? nil : try invoker(),
            mail: mail,
            observe: { [notes] in notes.add($0) }
        )
    }

    private func invoker() throws -> SkillInvoker {
        let ocr = try PluginName.parse("acme/pdf-ocr")
        return SkillInvoker(
            plugin: { ["ocr", "acme/pdf-ocr"].contains($0) ? ocr : nil },
            start: { [started] child, _ throws(ServiceError) in
                started.add(child)
                return NoInvocation()
            }
        )
    }

    func call(ancestors: [String] = [], isOver: Bool = false) -> ServedCall {
        var context = CallContext(requestID: "req-1")
        context.ancestors = ancestors
        return ServedCall(context: context, deadline: .max) { isOver }
    }

    func invocation(
        _ target: String,
        request: [UInt8] = Array("{}".utf8),
        ancestors: [String] = [],
        isOver: Bool = false
    ) -> Invocation {
        Invocation(
            parent: call(ancestors: ancestors, isOver: isOver),
            target: target,
            request: request,
            wantsEvents: true
        )
    }
}

/// What came, from any thread.
final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }
    func add(_ value: Value) { values.withLock { $0.append(value) } }
}

/// How a child request ended.
final class HeardInvocation: InvocationEvents {
    private let outcomes = Collected<CallOutcome>()

    /// Nil while it has not ended.
    var failure: Failure? {
        guard case .failure(let failure)? = outcomes.all.first, outcomes.all.count == 1 else { return nil }
        return failure
    }

    func event(_ event: CallEvent) {}
    func end(_ outcome: CallOutcome) { outcomes.add(outcome) }
}

/// An exchange of which nobody wants to hear.
final class NoExchange: HTTPExchangeEvents {
    func head(status: Int32, headers: [(name: String, value: String)]) {}
    func body(_ piece: UnsafeRawBufferPointer) {}
    func end(error: ServiceError?, reason: String) {}
}

private final class NoInvocation: RunningInvocation {
    func cancel() {}
    func consumed(_ bytes: Int) {}
}
