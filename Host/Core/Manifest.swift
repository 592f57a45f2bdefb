package import PraximousJSON

/// What skill.yaml says about a plugin: all the host knows of it before any of its code runs.
package struct Manifest: Sendable, Hashable {
    /// What the library offers.
    package enum Kind: String, Sendable, CaseIterable {
        case skill, provider, vectorstore, bundle
    }

    /// Such as `praximous.dev/v1`.
    package var apiVersion: String
    package var kind: Kind
    package var name: PluginName
    package var version: SemanticVersion
    package var title: String
    package var description: String
    package var author: Author?
    /// An SPDX expression.
    package var license: String?
    package var homepage: String?
    package var source: String?
    package var minHost: SemanticVersion?
    package var abi: ABIRequirement
    /// Platform (`linux-x86_64`) to the library's path inside the package: relative, without `..`.
    package var entry: [String: String]
    package var requires: Requirements
    package var isolation: IsolationWish
    package var permissions: [Permission]
    package var secrets: [SecretDeclaration]
    package var configSchema: JSON?
    package var dependencies: [Dependency]
    package var operations: [Operation]
    /// The name API clients send; unique per host.
    ///
    /// A skill has one.
    package var taskType: String?
    package var health: Health?

    package init(
        apiVersion: String = Manifest.currentAPIVersion,
        kind: Kind = .skill,
        name: PluginName,
        version: SemanticVersion,
        title: String? = nil,
        description: String = "",
        author: Author? = nil,
        license: String? = nil,
        homepage: String? = nil,
        source: String? = nil,
        minHost: SemanticVersion? = nil,
        abi: ABIRequirement = ABIRequirement(major: 1, minMinor: 0),
        entry: [String: String] = [:],
        requires: Requirements = Requirements(),
        isolation: IsolationWish = IsolationWish(),
        permissions: [Permission] = [],
        secrets: [SecretDeclaration] = [],
        configSchema: JSON? = nil,
        dependencies: [Dependency] = [],
        operations: [Operation] = [],
        taskType: String? = nil,
        health: Health? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.version = version
        self.title = title ?? name.name
        self.description = description
        self.author = author
        self.license = license
        self.homepage = homepage
        self.source = source
        self.minHost = minHost
        self.abi = abi
        self.entry = entry
        self.requires = requires
        self.isolation = isolation
        self.permissions = permissions
        self.secrets = secrets
        self.configSchema = configSchema
        self.dependencies = dependencies
        self.operations = operations
        self.taskType = taskType
        self.health = health
    }

    package static let currentAPIVersion = "praximous.dev/v1"
}
