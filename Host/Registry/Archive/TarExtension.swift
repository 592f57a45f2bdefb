import Core

/// The records of one `x` header: `<length> <key>=<value>\n`, each key once.
struct TarExtension {
    static let maxBytes = 64 << 10

    private(set) var path: [UInt8]?
    private(set) var size: Int?

    /// What owners and times say is ignored: files belong to whoever installs them.
    private static let ignoredNumbers: Set<String> = ["mtime", "atime", "ctime", "uid", "gid"]
    private static let ignoredNames: Set<String> = ["uname", "gname"]

    /// A record that cannot be read is an error, never skipped: two readers that skip differently see two packages.
    init(_ bytes: [UInt8]) throws(TarFlaw) {
        guard !bytes.isEmpty else { throw TarFlaw("a tar extension says nothing") }
        var rest = bytes[...]
        var seen: Set<String> = []
        while !rest.isEmpty {
            let (key, value, length) = try Self.record(rest)
            guard seen.insert(key).inserted else { throw TarFlaw("a tar extension gives \(key) twice") }
            switch key {
            case "path":
                guard !value.contains(0) else { throw TarFlaw("a tar extension gives a path with a NUL") }
                path = value
            case "size": size = try Self.decimal(value)
            case let key where Self.ignoredNames.contains(key): break
            case let key where Self.ignoredNumbers.contains(key):
                guard Self.isNumber(value) else {
                    throw TarFlaw("a tar extension has a malformed \(key)")
                }
            default:
                throw TarFlaw(
                    "a tar extension gives \(key.quotedForMessage(limit: 40)), which is not accepted"
                )
            }
            rest = rest.dropFirst(length)
        }
    }

    private static func record(_ bytes: ArraySlice<UInt8>) throws(TarFlaw) -> (key: String, value: [UInt8], length: Int)
    {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...6).contains(digits.count), digits.first != UInt8(ascii: "0"),
            let length = Int(String(decoding: digits, as: UTF8.self)), length <= bytes.count, length > digits.count + 3
        else { throw TarFlaw("a tar extension has a record with a wrong length") }
        let record = bytes.prefix(length).dropFirst(digits.count)
        guard record.first == 0x20, record.last == 0x0a, let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
            throw TarFlaw("a tar extension has a malformed record")
        }
        let key = record[(record.startIndex + 1)..<equals]
        guard !key.isEmpty, key.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw TarFlaw("a tar extension has a malformed key")
        }
        return (String(decoding: key, as: UTF8.self), Array(record[(equals + 1)...].dropLast()), length)
    }

    /// `-1.25` and the like, as times are written.
    private static func isNumber(_ value: [UInt8]) -> Bool {
        let digits = value.first == UInt8(ascii: "-") ? value.dropFirst() : value[...]
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return value.count <= 32
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            } && parts[0].count <= 18
    }

    private static func decimal(_ value: [UInt8]) throws(TarFlaw) -> Int {
        guard !value.isEmpty, value.count <= 18,
            value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let size = Int(String(decoding: value, as: UTF8.self))
        else { throw TarFlaw("a tar extension has a size that is no decimal number") }
        return size
    }
}
