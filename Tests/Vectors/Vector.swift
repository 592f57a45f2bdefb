import Foundation
import PraximousJSON
import Testing

/// One request to the original gateway with what it answered.
struct Vector: Sendable, CustomTestStringConvertible {
    let skill: String
    let prompt: String
    let parameters: JSONObject
    let result: JSON

    /// What names a vector in DEVIATIONS.md.
    var name: JSON { [.string(skill), .string(prompt), .object(parameters)] }
    var testDescription: String { name.text }

    /// The request as the gateway hands it to a skill.
    var request: JSON {
        var request = parameters
        if request["prompt"] == nil { request["prompt"] = .string(prompt) }
        return .object(request)
    }

    init(_ json: JSON) throws {
        skill = try #require(json["skill"]?.stringValue)
        prompt = try #require(json["prompt"]?.stringValue)
        parameters = try #require(json["params"]?.objectValue)
        result = try #require(json["result"])
    }

    static func all(in file: String) throws -> [Vector] { try lines(of: file).map(Vector.init) }

    static func lines(of file: String) throws -> [JSON] {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        // By scalars: in a vector a line feed may follow a carriage return, which Swift counts as one character.
        return try text.unicodeScalars.split(separator: "\n").map { try JSON.parse(String(Substring($0))) }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
}
