package import Core
package import Gateway
package import PraximousJSON

/// What an administrator asks of the store over HTTP.
package enum StoreRequest: Sendable, Hashable {
    case search(term: String?, kind: String?, limit: Int)
    case details(reference: String)
    case outdated
    case install(references: [String], StoreRequestOptions)
    /// A package or a bundle that was uploaded into `file`, which goes when the request is over.
    case installFile(path: String, StoreRequestOptions)
    /// No names mean all that may be upgraded.
    case upgrade(names: [String], StoreRequestOptions)
    case rollback(name: String, version: SemanticVersion?, StoreRequestOptions)
    case enable(name: String)
    case disable(name: String)
    case remove(name: String, purge: Bool)
    case restart(name: String)

    /// The word for the audit log, such as `plugins.install`.
    package var operation: String {
        switch self {
        case .search: "registry.search"
        case .details: "registry.details"
        case .outdated: "registry.outdated"
        case .install: "plugins.install"
        case .installFile: "plugins.upload"
        case .upgrade: "plugins.upgrade"
        case .rollback: "plugins.rollback"
        case .enable: "plugins.enable"
        case .disable: "plugins.disable"
        case .remove: "plugins.remove"
        case .restart: "plugins.restart"
        }
    }
}

/// What beside the name decides whether something is installed.
package struct StoreRequestOptions: Sendable, Hashable {
    /// As `--accept-permissions` takes them; nil accepts none.
    package var acceptedPermissions: [String]?
    package var force = false
    package var allowUnsigned = false
    package var allowPrerelease = false

    package init() {}
}

/// Who asks, and with which request.
package struct StoreCaller: Sendable {
    package let principal: Principal
    package let origin: RequestOrigin

    package init(principal: Principal, origin: RequestOrigin) {
        self.principal = principal
        self.origin = origin
    }
}

/// What the routes about the store can have done.
package struct StoreActions: Sendable {
    package typealias Progress = @Sendable (JSON) -> Void

    /// Does what is asked, audited, and returns what came of it; throws ``Failure``.
    let perform: @Sendable (StoreRequest, StoreCaller, @escaping Progress) async throws -> JSON
    /// Writes down that somebody asked who may not.
    let refused: @Sendable (_ operation: String, StoreCaller, Failure) async -> Void
    /// Where uploads lie while they are looked at.
    let uploadsFolder: String
    let maxUploadBytes: Int

    package init(
        perform: @escaping @Sendable (StoreRequest, StoreCaller, @escaping Progress) async throws -> JSON,
        refused: @escaping @Sendable (_ operation: String, StoreCaller, Failure) async -> Void,
        uploadsFolder: String,
        maxUploadBytes: Int
    ) {
        self.perform = perform
        self.refused = refused
        self.uploadsFolder = uploadsFolder
        self.maxUploadBytes = maxUploadBytes
    }
}
