/// Reads response heads line by line, as libcurl hands them out.
struct ResponseHead {
    enum Progress: Equatable {
        /// More lines are needed, or the line is of no interest.
        case open
        /// This line completed the final head.
        case complete
        case tooLarge
    }

    private let maxBytes: Int
    private var byteCount = 0
    private(set) var status = 0
    private(set) var fields: [HTTPField] = []
    private(set) var isComplete = false

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    mutating func add(_ line: UnsafeRawBufferPointer) -> Progress {
        byteCount += line.count
        guard byteCount <= maxBytes else { return .tooLarge }
        // What follows the body are trailers.
        guard !isComplete else { return .open }
        let text = line[..<(line.lastIndex { $0 != 0x0d && $0 != 0x0a } ?? -1 + line.startIndex).advanced(by: 1)]
        if text.isEmpty { return end() }
        if text.starts(with: "HTTP/".utf8) {
            status = Self.status(in: text)
            fields = []
        } else if text.first == 0x20 || text.first == 0x09 {
            continueField(with: text)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
            fields.append(HTTPField(name: name, value: Self.trimmed(text[(colon + 1)...])))
        }
        return .open
    }

    /// The first value of a field, by its name in lower case.
    func value(of name: String) -> String? { fields.first { $0.name == name }?.value }

    private mutating func end() -> Progress {
        // An interim response, 100 or 103, is followed by another.
        guard status >= 200 else { return .open }
        isComplete = true
        return .complete
    }

    /// A line that begins with a blank belongs to the field before it.
    private mutating func continueField(with text: Slice<UnsafeRawBufferPointer>) {
        guard let last = fields.popLast() else { return }
        fields.append(HTTPField(name: last.name, value: last.value + " " + Self.trimmed(text)))
    }

    private static func status(in text: Slice<UnsafeRawBufferPointer>) -> Int {
        guard let space = text.firstIndex(of: 0x20) else { return 0 }
        return Int(String(decoding: text[(space + 1)...].prefix { $0 != 0x20 }, as: UTF8.self)) ?? 0
    }

    private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let start = text.drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(decoding: start[...end], as: UTF8.self)
    }
}
