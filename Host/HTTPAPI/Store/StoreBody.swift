import Core
import Hummingbird
import NIOCore
import PraximousJSON

/// The body of a request to the store: an object, or nothing.
struct StoreBody {
    private static let maxNames = 100

    private let json: JSON
    let options: StoreRequestOptions

    init(_ bytes: ByteBuffer, _ limits: HTTPLimits) throws(Failure) {
        if bytes.readableBytes == 0 {
            json = [:]
        } else {
            let depth = JSONLimits(maxDepth: limits.maxNesting)
            do throws(JSONError) { json = try JSON.parse(Array(bytes.readableBytesView), limits: depth) } catch {
                throw Failure(jsonError: error)
            }
        }
        guard json.objectValue != nil else { throw Self.wrong("the body is a JSON \(json.typeName), not an object") }
        var options = StoreRequestOptions()
        if let accepted = json["accept_permissions"], accepted != .null {
            if let list = accepted.arrayValue, list.allSatisfy({ $0.stringValue != nil }) {
                options.acceptedPermissions = list.compactMap(\.stringValue)
            } else if accepted.stringValue == "all" {
                options.acceptedPermissions = ["all"]
            } else {
                throw Self.wrong("accept_permissions is `all` or an array of grants")
            }
        }
        options.force = try Self.flag(json, "force")
        options.allowUnsigned = try Self.flag(json, "allow_unsigned")
        options.allowPrerelease = try Self.flag(json, "pre")
        self.options = options
    }

    func has(_ key: String) -> Bool { json[key] != nil }

    func version(_ key: String) throws(Failure) -> SemanticVersion? {
        guard let value = json[key], value != .null else { return nil }
        guard let text = value.stringValue else { throw Self.wrong("\(key) is a text such as 1.4.0") }
        do { return try SemanticVersion.parse(text) } catch { throw Self.wrong("\(key): \(error)") }
    }

    func names(_ key: String) throws(Failure) -> [String] {
        let names = (json[key]?.arrayValue ?? []).compactMap(\.stringValue)
        guard !names.isEmpty, names.count == json[key]?.arrayValue?.count, names.count <= Self.maxNames else {
            throw Self.wrong("\(key) is an array of 1 to \(Self.maxNames) names")
        }
        return names
    }

    private static func flag(_ json: JSON, _ key: String) throws(Failure) -> Bool {
        guard let value = json[key], value != .null else { return false }
        guard value == true || value == false else { throw wrong("\(key) is true or false") }
        return value == true
    }

    private static func wrong(_ reason: String) -> Failure {
        Failure(
            .unprocessable,
            code: "body_malformed",
            message: "The body cannot be used: \(reason).",
            hint: "GET /openapi.json describes it."
        )
    }
}

extension StoreRequestOptions {
    /// From `?accept_permissions=a,b&allow_unsigned=true&force=true`.
    init(query parameters: Parameters) {
        self.init()
        func flag(_ name: Substring) -> Bool { parameters[name].map { ["", "1", "true"].contains($0) } ?? false }
        acceptedPermissions = parameters["accept_permissions"].map { $0.split(separator: ",").map(String.init) }
        force = flag("force")
        allowUnsigned = flag("allow_unsigned")
    }
}
