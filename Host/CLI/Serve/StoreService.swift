import Core
import Foundation
import Gateway
import HTTPAPI
import PluginRuntime
import PraximousJSON
import Registry

/// What administrators ask of the store over HTTP, done by the same functions as the commands, and written down in the
/// same place.
struct StoreService: Sendable {
    let root: InstallationRoot
    let configuration: HostConfiguration
    let sync: PluginSync
    private let thread = StoreThread()

    init(root: InstallationRoot, configuration: HostConfiguration, sync: PluginSync) {
        (self.root, self.configuration, self.sync) = (root, configuration, sync)
    }

    private static let maxUploadBytes = 512 << 20

    var actions: StoreActions {
        StoreActions(
            perform: { [self] request, caller, progress in
                do {
                    return try await withTaskExecutorPreference(thread) {
                        try await perform(request, caller, progress)
                    }
                } catch {
                    throw Failure(storeError: error)
                }
            },
            refused: { [root] operation, caller, failure in
                _ = try? await ChangeJournal.run(operation, [], in: root, as: Journalist(caller)) { _ in throw failure }
            },
            uploadsFolder: StoreLayout(root).uploadsFolder,
            maxUploadBytes: Self.maxUploadBytes
        )
    }

    /// Read anew each time: an index may have been added since the start.
    private func store() throws -> PluginStore {
        var policy = try configuration.store.with(TrustFile(root))
        policy.useAuthorities(of: ProcessInfo.processInfo.environment)
        return PluginStore(layout: StoreLayout(root), policy: policy) { [configuration] package in
            try await LibraryTrial(host: configuration).run(package)
        }
    }

    private func perform(
        _ request: StoreRequest,
        _ caller: StoreCaller,
        _ progress: @escaping StoreActions.Progress
    ) async throws -> JSON {
        let store = try store()
        switch request {
        case .search(let term, let kind, let limit):
            return ["packages": .array(try await store.search(term, kind: kind, limit: limit).map(\.json))]
        case .details(let reference):
            return try await store.details(PackageReference(reference)).detailedJSON
        case .outdated:
            return ["packages": .array(try await store.outdated().map(\.json))]
        default:
            let change = StoreChange(root: root, store: store, sync: sync, progress: progress)
            return try await change.run(request, caller)
        }
    }
}

extension Failure {
    /// What the store throws, in the terms of the API.
    init(storeError error: any Error) {
        if let failure = error as? Failure {
            self = failure
            return
        }
        let command = CommandFailure(error, parser: PraxHost.self)
        let kind: Kind =
            switch command.exitCode {
            case .usage: .invalid
            case .notFound: .notFound
            case .verificationFailed, .incompatible: .unprocessable
            case .network: .upstream
            case .conflict: .conflict
            case .refused: command.code == "consent_needed" ? .conflict : .denied
            case .locked: .busy
            case .interrupted: .unavailable
            default: .internal
            }
        self.init(kind, code: command.code, message: command.message, hint: command.hint)
    }
}

extension PluginStore.Listing {
    fileprivate var json: JSON {
        var json: JSONObject = [
            "name": .string("\(package.name)"), "index": .string(index), "kind": .string(package.kind),
            "summary": .string(package.summary),
        ]
        json["task_type"] = package.taskType.map(JSON.string) ?? .null
        json["version"] = package.newest.map { .string("\($0.version)") } ?? .null
        json["installed"] = installed.map { .string("\($0.version)") } ?? .null
        json["update"] =
            update.map { ["version": .string("\($0.version)"), "obstacle": $0.obstacle.map(JSON.string) ?? .null] }
            ?? .null
        json["enabled"] = .bool(marks.isEnabled)
        json["pinned"] = .bool(marks.isPinned)
        json["categories"] = .array(package.categories.map(JSON.string))
        json["deprecated"] = package.deprecated.map(JSON.string) ?? .null
        return .object(json)
    }

    fileprivate var detailedJSON: JSON {
        guard var json = json.objectValue else { return self.json }
        json["license"] = package.license.map(JSON.string) ?? .null
        json["homepage"] = package.homepage.map(JSON.string) ?? .null
        json["versions"] = .array(
            package.versions.map { version in
                [
                    "version": .string("\(version.version)"),
                    "published": version.published.map(JSON.string) ?? .null,
                    "min_host": version.minHost.map { .string("\($0)") } ?? .null,
                    "permissions": .array(version.permissions.map(JSON.string)),
                    "depends": .array(version.dependencies.map { .string("\($0.name)@\($0.requirement)") }),
                    "yanked": version.yanked.map(JSON.string) ?? .null,
                    "platforms": .array(version.artifacts.map { .string($0.platform) }),
                ]
            }
        )
        return .object(json)
    }
}
