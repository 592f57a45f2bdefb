import Core
import Egress

/// An index and all that vouches for it, from the first root on, to be used elsewhere: in a mirror or a bundle.
struct CarriedIndex: Sendable {
    static let index = "skills.json"
    static let signature = "registry/skills.json.sig"

    /// By path, with the index as skills.json.
    let files: [String: [UInt8]]

    /// What a file of a store is called when it is carried.
    static func name(of file: String, in source: IndexSource) -> String {
        switch file {
        case source.fileName: index
        case "registry/\(source.fileName).sig": signature
        default: file
        }
    }

    /// Whether a carried store may hold a file of this path.
    static func isName(_ path: String) -> Bool { maxBytes(of: path) != nil }

    /// How long such a file may be; nil where none may be of that path.
    static func maxBytes(of path: String) -> Int? {
        switch path {
        case index: return IndexReader.maxBytes
        case "registry/timestamp.json": return TimestampFile.maxBytes
        case signature, "registry/timestamp.json.sig": return SignatureFile.maxBytes
        default: break
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "registry" else { return nil }
        let isSignature = parts[1].hasSuffix(".sig")
        let root = isSignature ? parts[1].dropLast(4) : parts[1]
        let number = root.hasSuffix(".root.json") ? String(root.dropLast(".root.json".count)) : ""
        // One spelling, and no more of them than a host follows.
        guard let version = Int(number), (1...TrustRoot.maxRotations).contains(version), "\(version)" == number else {
            return nil
        }
        return isSignature ? SignatureFile.maxBytes : TrustRoot.maxBytes
    }
}
