import Foundation
import PraximousJSON
import TestSupport

/// The store in this repository: its index and its packages.
enum OfficialStore {
    static let index = SourceTree.path("skills.json")
    static let packagesFolder = SourceTree.path("registry/packages")
    static let skills = [
        "hash-tools", "json-query", "markdown-to-text", "regex-extract", "text-diff", "unit-converter", "url-tools",
        "uuid-tools",
    ]

    /// One file as the index lists it.
    struct Artifact: Sendable {
        let package: String
        let url: String
        let size: Int?
        let sha256: String?
    }

    static func artifacts() throws -> [Artifact] {
        let json = try JSON.parse(String(contentsOfFile: index, encoding: .utf8))
        return (json["packages"]?.objectValue ?? [:]).flatMap { package in
            let versions = package.value["versions"]?.arrayValue ?? []
            return versions.flatMap { $0["artifacts"]?.arrayValue ?? [] }.map { artifact in
                Artifact(
                    package: package.key,
                    url: artifact["url"]?.stringValue ?? "",
                    size: artifact["size"]?.intValue,
                    sha256: artifact["sha256"]?.stringValue
                )
            }
        }
    }

    static func packageFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: packagesFolder).sorted()
    }

    /// The one package of a skill for this kind of machine.
    static func packageFile(_ skill: String) -> String {
        "\(packagesFolder)/\(skill)-1.0.0-linux-x86_64.tar.gz"
    }
}
