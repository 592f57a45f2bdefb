import CPraximous
import Core
import PraximousJSON
import Synchronization

/// What is asked of a provider, by the names under which its calls travel.
package enum ProviderOperation: String, Sendable, CaseIterable {
    /// Parameters: a request of OpenAI's chat completions. Events of the kind `delta`; the result is its answer.
    case chat
    /// No parameters. The result is `{"models":[{"id":…}]}`.
    case models
    /// Parameters: `{"model":…,"input":[…]}`, each input a text. Events of the kind ``VectorEvent/kind``; the result
    /// tells the usage.
    case embed
    /// No parameters. The result is `{"status":"ok|degraded|down"}`.
    case health
}

extension ProviderOperation {
    /// Calls the function of the plugin's table that it stands for.
    func run(
        _ table: UnsafePointer<prax_provider>,
        _ instance: OpaquePointer,
        _ call: prax_call,
        _ parameters: UnsafeBufferPointer<UInt8>
    ) -> prax_status {
        switch self {
        case .chat:
            return withPraxString(parameters) { table.pointee.chat?(instance, call, $0) ?? status(PRAX_E_UNSUPPORTED) }
        case .models: return table.pointee.models?(instance, call) ?? status(PRAX_E_UNSUPPORTED)
        case .health: return table.pointee.health?(instance, call) ?? Self.end(call, .healthy)
        case .embed:
            guard let embed = table.pointee.embed else { return Self.end(call, .failure(.noEmbeddings)) }
            guard let request = EmbedParameters(parameters) else { return Self.end(call, .failure(.notEmbeddable)) }
            if !request.others.isEmpty { Self.keep(request.others, for: call) }
            return withPraxString(request.model) { model in
                withPraxStrings(request.inputs) { inputs, count in embed(instance, call, model, inputs, count) }
            }
        }
    }

    /// Answers what is none of these.
    static func refuse(_ call: prax_call) -> prax_status { end(call, .failure(.unknownOperation)) }

    private enum Answer {
        case healthy
        case failure(Failure)
    }

    /// Answers in the place of a function that the plugin leaves out.
    private static func end(_ call: prax_call, _ answer: Answer) -> prax_status {
        switch answer {
        case .failure(let failure): _ = CallTable.shared.pluginEnds(call, .failure(failure))
        case .healthy:
            Array(#"{"status":"ok"}"#.utf8).withUnsafeBufferPointer {
                _ = CallTable.shared.pluginEnds(call, .result($0))
            }
        }
        return status(PRAX_OK)
    }

    /// What the plugin's function has no argument for is read from the call's context.
    private static func keep(_ others: JSONObject, for call: prax_call) {
        _ = CallTable.shared.withOpen(call) { slot, _ in
            slot.pointee.hasExtras.store(true, ordering: .releasing)
            slot.pointee.extras.withLock { $0.request = .object(others) }
        }
    }
}

/// The parameters of `embed`.
private struct EmbedParameters {
    let model: String
    let inputs: [String]
    /// Everything else that was asked, such as `dimensions`.
    let others: JSONObject

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard var object = (try? JSON.parse(bytes))?.objectValue, let model = object["model"]?.stringValue,
            let list = object["input"]?.arrayValue
        else { return nil }
        let inputs = list.compactMap(\.stringValue)
        guard inputs.count == list.count, !inputs.isEmpty else { return nil }
        object["model"] = nil
        object["input"] = nil
        self.model = model
        self.inputs = inputs
        others = object
    }
}

extension Failure {
    fileprivate static let unknownOperation = Failure(
        .unsupported,
        code: "unsupported_operation",
        message: "A provider has no such operation.",
        hint: "Ask for chat, models, embed or health."
    )
    fileprivate static let noEmbeddings = Failure(
        .unsupported,
        code: "no_embeddings",
        message: "The provider makes no embeddings.",
        hint: "Ask for a model of a provider that does."
    )
    fileprivate static let notEmbeddable = Failure(
        .invalid,
        code: "invalid_request",
        message: "An embedding needs a model and a list of texts as input."
    )
}
