/// The members of a JSON object, in the order they were written, each name once.
///
/// Small objects are searched from the front; one with more than `indexThreshold` members keeps an index.
public struct JSONObject: Sendable {
    /// One name with its value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let key: String
        /// The value.
        public var value: JSON
    }

    /// A name compared byte by byte, not by canonical equivalence: "é" and "e\u{301}" are two names in JSON.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool {
            // The length costs nothing, and tells most names apart.
            left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private static let indexThreshold = 16

    private var members: [Member] = []
    private var index: [Name: Int] = [:]

    /// An object without members.
    public init() {}

    /// How many members there are.
    public var count: Int { members.count }
    /// Whether there are none.
    public var isEmpty: Bool { members.isEmpty }
    /// The names in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of that name.
    ///
    /// Setting nil removes the member.
    public subscript(_ key: String) -> JSON? {
        get { position(of: key).map { members[$0].value } }
        set {
            guard let newValue else { return remove(key) }
            if let position = position(of: key) {
                members[position].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    /// Adds a member unless the name is taken; returns whether it did.
    mutating func insert(_ key: String, _ value: JSON) -> Bool {
        guard position(of: key) == nil else { return false }
        append(key, value)
        return true
    }

    mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

    private func position(of key: String) -> Int? {
        if members.count > Self.indexThreshold { return index[Name(text: key)] }
        return members.firstIndex { Name(text: $0.key) == Name(text: key) }
    }

    private mutating func append(_ key: String, _ value: JSON) {
        members.append(Member(key: key, value: value))
        if members.count == Self.indexThreshold + 1 {
            for (position, member) in members.enumerated() { index[Name(text: member.key)] = position }
        } else if members.count > Self.indexThreshold {
            index[Name(text: key)] = members.count - 1
        }
    }

    private mutating func remove(_ key: String) {
        guard let position = position(of: key) else { return }
        members.remove(at: position)
        index = [:]
        guard members.count > Self.indexThreshold else { return }
        for (position, member) in members.enumerated() { index[Name(text: member.key)] = position }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The members in the order written; of two equal names the last one stays.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        for (key, value) in elements { self[key] = value }
    }
}

extension JSONObject: Sequence {
    /// The members in order.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: Hashable {
    /// Equal when both have the same names with equal values, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the member count and the sum of the members' hashes, which does not depend on their order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }
}
