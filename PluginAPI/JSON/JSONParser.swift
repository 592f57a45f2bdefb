extension JSON {
    /// The one value in a text.
    ///
    /// Throws ``JSONError`` for anything RFC 8259 does not allow, and for duplicate names.
    public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), limits: limits)
    }

    /// The one value in UTF-8 bytes.
    ///
    /// Throws ``JSONError`` as ``parse(_:limits:)`` of a string does.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSON {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, JSONError> in
            Result { () throws(JSONError) in try parse(buffer, limits: limits) }
        }
        return try result.get()
    }

    /// The one value in borrowed UTF-8 bytes.
    ///
    /// Throws ``JSONError`` as ``parse(_:limits:)`` of a string does.
    public static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.parseDocument()
    }
}

/// A recursive descent over borrowed bytes; `limits.maxDepth` bounds the recursion.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var position = 0
    private var values = 0

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parseDocument() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure(.byteOrderMark) }
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw failure(.trailingData) }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
        skipWhitespace()
        values += 1
        guard values <= limits.maxValues else { throw failure(.tooManyValues) }
        switch try peek() {
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        default: throw failure(.unexpectedCharacter)
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
        guard depth <= limits.maxDepth else { throw failure(.tooDeep) }
        position += 1
        var object = JSONObject()
        skipWhitespace()
        if try take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            skipWhitespace()
            guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedCharacter) }
            let start = position
            let key = try parseString()
            skipWhitespace()
            guard try take(UInt8(ascii: ":")) else { throw failure(.unexpectedCharacter) }
            let value = try parseValue(depth: depth)
            guard object.insert(key, value) else { throw JSONError(reason: .duplicateKey, offset: start) }
            skipWhitespace()
            if try take(UInt8(ascii: "}")) { return .object(object) }
            guard try take(UInt8(ascii: ",")) else { throw failure(.unexpectedCharacter) }
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSON {
        guard depth <= limits.maxDepth else { throw failure(.tooDeep) }
        position += 1
        var elements: [JSON] = []
        skipWhitespace()
        if try take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try parseValue(depth: depth))
            skipWhitespace()
            if try take(UInt8(ascii: "]")) { return .array(elements) }
            guard try take(UInt8(ascii: ",")) else { throw failure(.unexpectedCharacter) }
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw failure(.unexpectedEnd) }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            throw failure(.unexpectedCharacter)
        }
        position += count
        return value
    }

    private mutating func parseNumber() throws(JSONError) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits()
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try skipDigits()
        }
        if position < bytes.count, isDigit(bytes[position]) { throw failure(.invalidNumber) }
        return JSONNumber(validated: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        if position == start { throw failure(position == bytes.count ? .unexpectedEnd : .invalidNumber) }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

extension JSONParser {
    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try decoded(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try parseEscapedString(from: start)
            case 0..<0x20: throw failure(.controlCharacter)
            default: position += 1
            }
        }
        throw failure(.unexpectedEnd)
    }

    /// The rest of a string that has escapes: copied piece by piece.
    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var text = try decoded(start..<position)
        while true {
            let pieceStart = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
                guard bytes[position] >= 0x20 else { throw failure(.controlCharacter) }
                position += 1
            }
            text += try decoded(pieceStart..<position)
            if try take(UInt8(ascii: "\"")) { return text }
            text.unicodeScalars.append(try parseEscape())
        }
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        position += 1
        let letter = try peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default:
            position -= 1
            throw failure(.invalidEscape)
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        let unit = try parseHexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(reason: .loneSurrogate, offset: start) }
        position += 2
        let low = try parseHexadecimal()
        guard 0xDC00..<0xE000 ~= low, let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(reason: .loneSurrogate, offset: start) }
        return scalar
    }

    private mutating func parseHexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue, try peek() < 0x80 else {
                throw failure(.invalidEscape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func decoded(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw JSONError(reason: .invalidUTF8, offset: range.lowerBound)
        }
        return text
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

    private mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    private func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }
}
