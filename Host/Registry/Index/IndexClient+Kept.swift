import Core
import Egress

/// Indexes without a network: the copies kept from before, which are checked again whenever they are used.
extension IndexClient {
    /// The copy for an install without a network; what has expired is refused as it is with one.
    package func kept(allowUnsigned: Bool = false) async throws -> LoadedIndex {
        let source = try IndexSource(policy.index)
        // An index in a folder needs no copy.
        if source.address.scheme == "file" { return try await fetch(allowUnsigned: allowUnsigned) }
        guard let copy = try IndexCache(layout: layout).load(source) else {
            throw RegistryError.offline("There is no copy of the index at \(source.address.place) here")
        }
        var loaded = try check(copy.index, copy.signature, source, allowUnsigned: allowUnsigned)
        try checkExpiry(loaded.index)
        loaded.isCached = true
        return loaded
    }

    /// The copy for looking around, however old; nil when there is none, or none of at most `maxBytes`.
    package func keptForBrowsing(maxBytes: Int = IndexReader.maxBytes) throws -> LoadedIndex? {
        let source = try IndexSource(policy.index)
        let copy: (index: [UInt8], signature: [UInt8]?)?
        if source.address.scheme == "file" {
            copy = try Self.read(source)
        } else {
            copy = try IndexCache(layout: layout).load(source)
        }
        guard let copy, copy.index.count <= maxBytes else { return nil }
        var loaded = try check(copy.index, copy.signature, source, allowUnsigned: true)
        loaded.isCached = true
        return loaded
    }

    /// Checks an index that came in a bundle as one that was fetched from `source`, and remembers its version.
    func adopt(
        _ bytes: [UInt8],
        signature: [UInt8]?,
        source: IndexSource,
        allowUnsigned: Bool
    ) throws -> LoadedIndex {
        let loaded = try check(bytes, signature, source, allowUnsigned: allowUnsigned)
        try checkExpiry(loaded.index)
        if loaded.trust != .unsigned {
            let digest = SHA256Digest(of: bytes)
            // Nobody signs the address in a bundle: a version may only count for the index that its key is known to sign.
            let isOurs = try? IndexSource(policy.index) == source
            let name = isOurs == true ? source.address.text : "bundles signed by \(loaded.keyID ?? "")"
            try state(making: true)?.advance(name, to: loaded.index.version, digest: digest)
        }
        return loaded
    }

    private static func read(_ source: IndexSource) throws -> (index: [UInt8], signature: [UInt8]?)? {
        guard let path = source.address.filePath, let signaturePath = source.signature.filePath else { return nil }
        let index = try OpenFile.reading(path).readAll(maxBytes: IndexReader.maxBytes)
        let signature = try? OpenFile.reading(signaturePath).readAll(maxBytes: SignatureFile.maxBytes)
        return (index, signature)
    }
}
