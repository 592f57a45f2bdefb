internal import PraximousJSON

/// A plugin that brings models: behind somebody's API, or its own.
///
/// Everything is event-driven: a function starts what it has to do, with `Reply.start` for what goes over the network,
/// and returns at once. The reply outlives it, and is ended later by whatever event says how it went. So a thousand
/// streams need no thousand threads. A function that blocks blocks the host.
public protocol Provider: Sendable {
    /// Who this is; equal to the manifest's `name` and `version`.
    static var identity: PluginIdentity { get }

    /// Makes an instance; fast and without network. A thrown error's description is shown to the operator.
    init(host: PluginHost) throws

    /// One turn of a conversation.
    ///
    /// With `"stream": true` each piece is an event of kind `delta`, a whole `chat.completion.chunk` of OpenAI's, and
    /// the reply finishes with `{"id":…,"model":…,"finish_reason":…,"usage":…}`. Without, it finishes with the whole
    /// `chat.completion`.
    ///
    /// - Parameters:
    ///   - request: One JSON object, OpenAI's chat completions request, with everything the client sent.
    ///   - reply: Ends once, here or later.
    /// - Throws: What `Reply.fail` takes, as a shorter way to say it.
    func chat(_ request: [UInt8], _ reply: Reply) throws

    /// The embeddings of texts, handed over by `Reply.emitVectors` in the order of the texts; then the reply finishes
    /// with `{"model":…,"usage":…}`.
    func embed(_ texts: [String], model: String, _ reply: Reply) throws

    /// Finishes with `{"models":[{"id":…}]}`.
    func models(_ reply: Reply) throws

    /// Finishes within two seconds with `{"status":"ok|degraded|down"}`.
    func health(_ reply: Reply) throws
}

extension Provider {
    /// No embeddings.
    public func embed(_ texts: [String], model: String, _ reply: Reply) throws {
        throw SkillFailure("This provider has no embeddings.", status: .unsupported, code: "no_embeddings")
    }

    /// Healthy as long as it is there.
    public func health(_ reply: Reply) throws { reply.finish(["status": "ok"]) }
}
