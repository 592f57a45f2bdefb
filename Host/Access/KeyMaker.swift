import CSodium
package import Core
package import Storage

/// Makes the texts of new keys from libsodium's random numbers.
struct KeyMaker: Sendable {
    let hashKey: HashKey

    func make(_ record: (_ id: String) -> APIKeyRecord) -> (stored: StoredAPIKey, secret: Secret) {
        let record = record(Self.random(APIKeyText.idLength, of: Base32.digits))
        // 43 digits of 62 are 256 bits.
        let secret = Self.random(APIKeyText.secretLength, of: Base62.alphabet)
        let text = APIKeyText.compose(environment: record.environment, id: record.id, secret: secret)
        return (StoredAPIKey(record: record, hash: hashKey.hash(text.exposed).bytes), text)
    }

    private static func random(_ count: Int, of digits: [UInt8]) -> String {
        let bytes = (0..<count).map { _ in digits[Int(randombytes_uniform(UInt32(digits.count)))] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A key that was just made: the only moment its text is known.
package struct NewKey: Sendable {
    package let record: APIKeyRecord
    package let secret: Secret
}
