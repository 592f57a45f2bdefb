import PraximousJSON

/// How the two sides find out that they understand one another.
struct HelloMessage {
    let generations: [Int]
    /// Made anew for each worker, so that a stale one can never answer for another.
    let token: String

    var wireBytes: [UInt8] {
        let object: JSON = [
            "generations": .array(generations.map { .integer($0) }), "token": .string(token),
        ]
        return object.encoded()
    }

    init(generations: [Int], token: String) {
        self.generations = generations
        self.token = token
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        guard let object = try? JSON.parse(payload.bindMemory(to: UInt8.self)).objectValue,
            let generations = object["generations"]?.arrayValue?.compactMap(\.intValue),
            let token = object["token"]?.stringValue
        else { throw WireError("a hello that is not one") }
        self.init(generations: generations, token: token)
    }

    /// The newest generation that both sides speak.
    static func common(_ ours: [Int], _ theirs: [Int]) -> Int? { ours.filter(theirs.contains).max() }
}
