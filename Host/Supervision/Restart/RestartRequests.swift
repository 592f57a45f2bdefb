package import Core
import Foundation
package import PraximousJSON

/// How a command asks the running host to restart a plugin, by files: `OWNER__NAME.ID.json`, and `.done` for the answer.
///
/// Each request has files of its own, so that commands which ask at the same moment all hear.
package struct RestartRequests: Sendable {
    /// What somebody wants restarted.
    package struct Request: Sendable, Hashable {
        package let plugin: PluginName
        /// Tells this request's answer from that of one before.
        package let id: String
    }

    /// What came of it.
    package struct Result: Sendable, Hashable {
        package var isOK: Bool
        package var oldVersion: String?
        package var newVersion: String?
        package var oldHash: String?
        package var newHash: String?
        package var message: String

        package init(
            isOK: Bool,
            oldVersion: String? = nil,
            newVersion: String? = nil,
            oldHash: String? = nil,
            newHash: String? = nil,
            message: String
        ) {
            self.isOK = isOK
            self.oldVersion = oldVersion
            self.newVersion = newVersion
            self.oldHash = oldHash
            self.newHash = newHash
            self.message = message
        }
    }

    /// Watched by the host; make it with ``prepare()`` first.
    package let folder: String

    package init(_ root: InstallationRoot) { folder = root.restartFolder }

    package func prepare() throws(StateError) { try StateFile.makeFolder(folder) }

    package func ask(_ plugin: PluginName) throws(StateError) -> Request {
        try prepare()
        let request = Request(plugin: plugin, id: UUID().uuidString)
        let json: JSON = ["plugin": .string("\(plugin)"), "id": .string(request.id)]
        try StateFile.write(json, to: path(request, ".json"))
        return request
    }

    /// The answer to this very request, once the host has taken it up; reading it removes it.
    package func answer(to request: Request) throws(StateError) -> Result? {
        let path = path(request, ".done")
        guard let object = try StateFile.read(path) else { return nil }
        try StateFile.remove(path)
        return Result(object)
    }

    /// Takes a request back that nobody answered, so that no later host finds it.
    package func withdraw(_ request: Request) throws(StateError) {
        try StateFile.remove(path(request, ".json"))
        try StateFile.remove(path(request, ".done"))
    }

    /// Removes answers that nobody waits for: those of a host before.
    package func forgetAnswers() {
        let names = (try? StateFile.names(in: folder)) ?? []
        for name in names where name.hasSuffix(".done") { _ = try? StateFile.remove("\(folder)/\(name)") }
    }

    /// What is wanted, by name; files that are no requests are removed and reported.
    package func pending() -> (requests: [Request], problems: [StateError]) {
        var (requests, problems): ([Request], [StateError]) = ([], [])
        do throws(StateError) {
            for name in try StateFile.names(in: folder) where name.hasSuffix(".json") {
                do throws(StateError) {
                    if let request = try Self.read("\(folder)/\(name)") { requests.append(request) }
                } catch {
                    problems.append(error)
                    _ = try? StateFile.remove("\(folder)/\(name)")
                }
            }
        } catch {
            problems.append(error)
        }
        return (requests, problems)
    }

    /// Whether there is anything for ``pending()`` to look at.
    package var isAnyWaiting: Bool { (try? StateFile.names(in: folder))?.contains { $0.hasSuffix(".json") } ?? false }

    /// Leaves the answer and removes the request, in this order: whoever sees it gone finds the answer.
    ///
    /// Leaves none for a request that has been withdrawn.
    package func finish(_ request: Request, _ result: Result) throws(StateError) {
        guard try Self.read(path(request, ".json")) == request else { return }
        try StateFile.write(.object(result.object), to: path(request, ".done"))
        try StateFile.remove(path(request, ".json"))
    }

    private func path(_ request: Request, _ suffix: String) -> String {
        "\(folder)/\(request.plugin.folderName).\(request.id)\(suffix)"
    }

    private static func read(_ path: String) throws(StateError) -> Request? {
        guard let object = try StateFile.read(path) else { return nil }
        guard let plugin = object["plugin"]?.stringValue.flatMap({ try? PluginName.parse($0) }),
            let id = object["id"]?.stringValue, path.hasSuffix("/\(plugin.folderName).\(id).json")
        else { throw .malformed(path: path, reason: "it is no request to restart the plugin of its name") }
        return Request(plugin: plugin, id: id)
    }
}

extension RestartRequests.Result {
    fileprivate init(_ object: JSONObject) {
        self.init(
            isOK: object["ok"]?.boolValue ?? false,
            oldVersion: object["oldVersion"]?.stringValue,
            newVersion: object["newVersion"]?.stringValue,
            oldHash: object["oldHash"]?.stringValue,
            newHash: object["newHash"]?.stringValue,
            message: object["message"]?.stringValue ?? ""
        )
    }

    package var object: JSONObject {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        return [
            "ok": .bool(isOK), "oldVersion": text(oldVersion), "newVersion": text(newVersion),
            "oldHash": text(oldHash), "newHash": text(newHash), "message": .string(message),
        ]
    }
}
