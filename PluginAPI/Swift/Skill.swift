public import PraximousJSON

/// A plugin that answers requests: a value with named operations.
///
/// The glue (see `Plugin`) reads the parameters, calls `execute`, and turns what it returns or throws into the one
/// end of the call that the ABI asks for. A skill never sees a pointer.
public protocol Skill: Sendable {
    /// Who this is; equal to the manifest's `name` and `version`.
    static var identity: PluginIdentity { get }

    /// The names in the manifest's `capabilities.operations`, in that order. Descriptions and schemas stay in the
    /// manifest alone, so that there is one place to change them.
    static var operations: [String] { get }

    /// Whether calls may overlap on one instance. True unless stated, since a `Sendable` value has nothing to lock.
    static var isConcurrent: Bool { get }

    /// Makes an instance; fast and without network. A thrown error's description is shown to the operator.
    init(host: PluginHost) throws

    /// Runs one operation on parameters the host has validated against the manifest's schema.
    ///
    /// - Parameters:
    ///   - operation: One of `operations`.
    ///   - parameters: The request's members.
    ///   - call: The request being served; poll `isCancelled` in work that can take longer than 50 ms.
    /// - Returns: The result the client gets.
    /// - Throws: `SkillFailure` for what the client shall read; any other error is reported as an internal one.
    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON
}

extension Skill {
    /// Calls may overlap.
    public static var isConcurrent: Bool { true }
}

/// What a plugin calls itself.
///
/// All three must say the same as its manifest.
public struct PluginIdentity: Sendable, Hashable {
    /// The manifest's `name`, such as `praximous/echo`.
    public let id: String
    /// The manifest's `version`, SemVer.
    public let version: String
    /// Free text about the build.
    public let build: String

    /// An identity.
    public init(id: String, version: String, build: String = "") {
        self.id = id
        self.version = version
        self.build = build
    }
}
