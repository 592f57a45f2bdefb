import Core
import Egress

/// The copy of an index kept for looking around without a network.
///
/// It is checked again whenever it is used.
struct IndexCache {
    let layout: StoreLayout

    func store(_ bytes: [UInt8], signature: [UInt8]?, of source: IndexSource) throws {
        let folder = try Folder.make(layout.cacheFolder)
        let name = Self.name(source)
        try folder.replaceFile(name + ".json", with: bytes)
        if let signature {
            try folder.replaceFile(name + ".json.sig", with: signature)
        } else {
            try folder.removeIfPresent(name + ".json.sig")
        }
    }

    func load(_ source: IndexSource) throws -> (index: [UInt8], signature: [UInt8]?)? {
        guard let folder = try Folder.openIfPresent(layout.cacheFolder) else { return nil }
        let name = Self.name(source)
        guard try folder.status(name + ".json") != nil else { return nil }
        let index = try folder.openFile(name + ".json").readAll(maxBytes: IndexReader.maxBytes)
        guard try folder.status(name + ".json.sig") != nil else { return (index, nil) }
        return (index, try folder.openFile(name + ".json.sig").readAll(maxBytes: SignatureFile.maxBytes))
    }

    private static func name(_ source: IndexSource) -> String {
        "index-" + SHA256Digest(of: Array(source.address.text.utf8)).hex.prefix(12)
    }
}
