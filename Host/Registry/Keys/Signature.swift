import Core
import PraximousJSON

/// What a signature speaks for.
///
/// The role is part of the signed bytes: a signature can never serve for another one.
package enum SignedRole: String, Sendable, CaseIterable {
    case root, timestamp, index, manifest

    /// The bytes that are signed: `PRAX1 <length of role> <role> <length of body> <body>`.
    ///
    /// The body goes in as it is, there is no canonical form that two programs could read differently.
    package func signedBytes(of body: [UInt8]) -> [UInt8] {
        Array("PRAX1 \(rawValue.utf8.count) \(rawValue) \(body.count) ".utf8) + body
    }
}

/// The signatures beside a signed file: `{"format":1,"type":"index","signatures":[{"keyid":"…","sig":"…"}]}`.
package struct SignatureFile: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        let keyID: String
        let signature: [UInt8]
    }

    static let maxBytes = 16 << 10
    private static let maxSignatures = 16

    let role: SignedRole
    let entries: [Entry]

    init(role: SignedRole, entries: [Entry]) {
        self.role = role
        self.entries = entries
    }

    init(_ bytes: [UInt8], of subject: String) throws {
        func refused(_ reason: String) -> RegistryError {
            RegistryError(
                .verificationFailed,
                "signature_malformed",
                "The signature of \(subject) cannot be read: \(reason).",
                hint: "Nothing was installed. Ask the store's operator to sign it again."
            )
        }
        guard bytes.count <= Self.maxBytes else { throw refused("it has more than \(Self.maxBytes) bytes") }
        let json: JSON
        do { json = try JSON.parse(bytes, limits: JSONLimits(maxDepth: 4, maxValues: 100)) } catch {
            throw refused("\(error)")
        }
        guard json["format"]?.intValue == 1 else { throw refused("its format is not 1") }
        guard let role = json["type"]?.stringValue.flatMap(SignedRole.init) else {
            throw refused("its type is unknown")
        }
        guard let list = json["signatures"]?.arrayValue, !list.isEmpty, list.count <= Self.maxSignatures else {
            throw refused("it holds no signature")
        }
        var entries: [Entry] = []
        for item in list {
            guard let keyID = item["keyid"]?.stringValue,
                let signature = item["sig"]?.stringValue.flatMap({
                    Base64.decode($0, count: PublicKey.signatureByteCount)
                })
            else { throw refused("expected keyid and a base64 sig of 64 bytes") }
            // One key counts once, however often it signs.
            guard !entries.contains(where: { $0.keyID == keyID }) else { throw refused("one key signs twice") }
            entries.append(Entry(keyID: keyID, signature: signature))
        }
        self.init(role: role, entries: entries)
    }

    /// The signature of `body` by `key`, as a file.
    package static func signing(_ body: [UInt8], as role: SignedRole, with key: SigningKey) -> SignatureFile {
        signing(body, as: role, with: [key])
    }

    /// The signatures of `body` by each of `keys`.
    package static func signing(_ body: [UInt8], as role: SignedRole, with keys: [SigningKey]) -> SignatureFile {
        SignatureFile(role: role, entries: []).adding(keys, to: body)
    }

    /// The same with signatures by `keys`, which replace older ones by them.
    package func adding(_ keys: [SigningKey], to body: [UInt8]) -> SignatureFile {
        var entries = entries
        for key in keys {
            entries.removeAll { $0.keyID == key.publicKey.id }
            entries.append(Entry(keyID: key.publicKey.id, signature: key.sign(role.signedBytes(of: body))))
        }
        return SignatureFile(role: role, entries: entries)
    }

    package func encoded() -> [UInt8] {
        let signatures = entries.map { entry -> JSON in
            ["keyid": .string(entry.keyID), "sig": .string(Base64.encode(entry.signature))]
        }
        let json: JSON = ["format": 1, "type": .string(role.rawValue), "signatures": .array(signatures)]
        return json.encoded() + [UInt8(ascii: "\n")]
    }

    /// The key of `keys` that signed `body`.
    ///
    /// Refuses a signature that is wrong, and a file without one by a known key.
    package func signer(of body: [UInt8], as role: SignedRole, among keys: [PublicKey], subject: String) throws
        -> PublicKey
    {
        let signers = try require(.init(keys: keys, threshold: 1), of: body, as: role, subject: subject)
        guard let first = signers.first else { throw unknownKey(subject, keys) }
        return first
    }

    /// The keys of `wanted` that signed `body`; at least as many as must.
    ///
    /// Signatures by unknown keys beside enough good ones are left alone, so that keys can be changed over time; one by
    /// a known key that is wrong is refused whatever stands beside it.
    @discardableResult
    package func require(
        _ wanted: TrustRoot.Role,
        of body: [UInt8],
        as role: SignedRole,
        subject: String
    ) throws -> [PublicKey] {
        guard self.role == role else {
            throw RegistryError(
                .verificationFailed,
                "signature_role",
                "The signature of \(subject) is one for a \(self.role.rawValue), expected one for a \(role.rawValue).",
                hint: "Nothing was installed. Somebody may have swapped the files; do not use this store."
            )
        }
        let message = role.signedBytes(of: body)
        var signers: [PublicKey] = []
        for entry in entries {
            guard let key = wanted.keys.first(where: { $0.id == entry.keyID }) else { continue }
            guard key.verifies(signature: entry.signature, of: message) else {
                throw RegistryError(
                    .verificationFailed,
                    "signature_wrong",
                    "The signature of \(subject) by key \(key.id) is wrong: the content is not what was signed.",
                    hint: "Nothing was installed. The file was damaged or changed on its way; do not use it."
                )
            }
            signers.append(key)
        }
        guard !signers.isEmpty else { throw unknownKey(subject, wanted.keys) }
        guard signers.count >= wanted.threshold else {
            throw RegistryError(
                .verificationFailed,
                "too_few_signatures",
                "\(subject) is signed by \(signers.count) of its keys, \(wanted.threshold) must.",
                hint: "Nothing was installed. Ask the store's operator to have it signed by the others as well."
            )
        }
        return signers
    }

    /// The same without signatures that do not fit `body` or are not by the role's keys.
    func keeping(_ wanted: TrustRoot.Role, for body: [UInt8]) -> SignatureFile {
        SignatureFile(role: role, entries: entries.filter { isRight($0, wanted, body) })
    }

    private func isRight(_ entry: Entry, _ wanted: TrustRoot.Role, _ body: [UInt8]) -> Bool {
        let key = wanted.keys.first { $0.id == entry.keyID }
        return key?.verifies(signature: entry.signature, of: role.signedBytes(of: body)) ?? false
    }

    /// How many of a role's keys have signed `body` rightly.
    func count(of wanted: TrustRoot.Role, signing body: [UInt8]) -> Int {
        entries.count { isRight($0, wanted, body) }
    }

    private func unknownKey(_ subject: String, _ keys: [PublicKey]) -> RegistryError {
        let known = keys.isEmpty ? "none is trusted" : "trusted are \(keys.map(\.id).joined(separator: ", "))"
        let found = entries.map { $0.keyID.quotedForMessage(limit: 20) }.joined(separator: ", ")
        return RegistryError(
            .verificationFailed,
            "key_unknown",
            "\(subject) is signed by key \(found), which is not known here: \(known).",
            hint: "If you trust that key: prax-host plugins key trust FILE --fingerprint ID."
        )
    }
}
