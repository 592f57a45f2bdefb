extension JSON {
    /// Checks that bytes are exactly one JSON value, without building it: some 1 ns a byte.
    ///
    /// Duplicate names pass: telling them apart needs memory. Throws ``JSONError`` for everything else that
    /// ``parse(_:limits:)`` refuses.
    public static func validate(
        _ bytes: UnsafeBufferPointer<UInt8>,
        limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        var validator = JSONValidator(bytes: bytes, limits: limits)
        try validator.run()
    }
}

/// Walks the text once; a bit stack remembers which of the open containers are objects.
private struct JSONValidator {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var position = 0
    private var isObject: [Bool] = []

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func run() throws(JSONError) {
        repeat {
            if try openOrScalar() { continue }
            while try !closeOrNext() {}
        } while !isObject.isEmpty && position < bytes.count
        guard isObject.isEmpty else { throw failure(.unexpectedEnd) }
        skipWhitespace()
        guard position == bytes.count else { throw failure(.trailingData) }
    }

    /// Reads one value's start.
    ///
    /// True when it opened a container that has a first element to read.
    private mutating func openOrScalar() throws(JSONError) -> Bool {
        skipWhitespace()
        let byte = try peek()
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard isObject.count < limits.maxDepth else { throw failure(.tooDeep) }
            isObject.append(byte == UInt8(ascii: "{"))
            position += 1
            skipWhitespace()
            if try peek() == (byte | 0x06 == 0x7F ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return false }
            if byte == UInt8(ascii: "{") { try skipName() }
            return true
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
        return false
    }

    /// After a value: true when the next one starts or the text's value is complete, false when a container closed.
    private mutating func closeOrNext() throws(JSONError) -> Bool {
        guard let inObject = isObject.last else { return true }
        skipWhitespace()
        switch try peek() {
        case UInt8(ascii: ","):
            position += 1
            if inObject {
                skipWhitespace()
                try skipName()
            }
            return true
        case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
            position += 1
            isObject.removeLast()
            return isObject.isEmpty
        default: throw failure(.unexpectedCharacter)
        }
    }

    private mutating func skipName() throws(JSONError) {
        guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedCharacter) }
        try skipString()
        skipWhitespace()
        guard try peek() == UInt8(ascii: ":") else { throw failure(.unexpectedCharacter) }
        position += 1
    }

    private mutating func skipString() throws(JSONError) {
        let start = position
        position += 1
        var isPlain = true
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                if !isPlain { try checkWithParser(start..<position) }
                return
            }
            guard byte >= 0x20 else { throw failure(.controlCharacter) }
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                position += 1
            } else if byte >= 0x80 {
                isPlain = false
            }
            position += 1
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func skipNumber() throws(JSONError) {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                position += 1
                continue
            default: break
            }
            break
        }
        guard position > start else { throw failure(.unexpectedCharacter) }
        try checkWithParser(start..<position)
    }

    /// Escapes, UTF-8 beyond ASCII and numbers have one definition: the parser's.
    private func checkWithParser(_ range: Range<Int>) throws(JSONError) {
        do throws(JSONError) {
            _ = try JSON.parse(UnsafeBufferPointer(rebasing: bytes[range]), limits: limits)
        } catch {
            throw JSONError(reason: error.reason, offset: range.lowerBound + error.offset)
        }
    }

    private mutating func skipWord(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw failure(.unexpectedEnd) }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            throw failure(.unexpectedCharacter)
        }
        position += count
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    private func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }
}
