import Core
import PraximousJSON

/// What a message holds: a text, or blocks.
struct AnthropicContent {
    let blocks: [AnthropicBlock]

    init(blocks: [AnthropicBlock]) { self.blocks = blocks }

    init(_ content: JSON, _ path: String) throws(Failure) {
        if content.stringValue != nil {
            blocks = [AnthropicBlock(["type": "text", "text": content], path)]
            return
        }
        guard let elements = content.arrayValue else {
            throw .wrongType(path, "a string or an array of content blocks", content)
        }
        var blocks: [AnthropicBlock] = []
        for (place, element) in elements.enumerated() {
            let blockPath = "\(path)[\(place)]"
            guard let members = element.objectValue else { throw .wrongType(blockPath, "an object", element) }
            let block = AnthropicBlock(members, blockPath)
            try block.check()
            if !block.isUnsignedThinking { blocks.append(block) }
        }
        self.blocks = blocks
    }

    var texts: [String] { blocks.compactMap(\.text) }

    /// The blocks as they were sent, if OpenAI's words do not say all of them.
    var preserved: JSON? {
        blocks.allSatisfy(\.isPlain) ? nil : .array(blocks.map { .object($0.members) })
    }
}

/// One block of a message's content.
struct AnthropicBlock {
    let members: JSONObject
    let path: String

    init(_ members: JSONObject, _ path: String) {
        self.members = members
        self.path = path
    }

    var type: String { members["type"]?.stringValue ?? "" }

    subscript(_ key: String) -> JSON? { members[key] }

    func required(_ key: String) throws(Failure) -> JSON {
        guard let value = members[key], value.stringValue?.isEmpty == false else { throw .missing("\(path).\(key)") }
        return value
    }

    func check() throws(Failure) {
        guard members["type"]?.stringValue != nil else { throw .missing(path + ".type") }
        switch type {
        case "text": if text == nil { throw .missing(path + ".text") }
        case "image": if members["source"]?.objectValue == nil { throw .missing(path + ".source") }
        case "tool_use":
            _ = try required("id")
            _ = try required("name")
            if let input = members["input"], input.objectValue == nil {
                throw .wrongType(path + ".input", "an object", input)
            }
        case "tool_result": _ = try required("tool_use_id")
        default: break
        }
    }

    var text: String? { type == "text" ? members["text"]?.stringValue : nil }

    /// Thinking that another vendor's model did; Anthropic's API refuses what it has not signed.
    var isUnsignedThinking: Bool { type == "thinking" && (members["signature"]?.stringValue ?? "").isEmpty }

    /// Whether OpenAI's words say all of it.
    var isPlain: Bool {
        switch type {
        case "text": has(only: ["type", "text"])
        case "image": has(only: ["type", "source"]) && part != nil
        case "tool_use": has(only: ["type", "id", "name", "input"])
        case "tool_result":
            has(only: ["type", "tool_use_id", "content"]) && (members["content"]?.stringValue != nil || isOneText)
        default: false
        }
    }

    private func has(only keys: Set<String>) -> Bool { members.allSatisfy { keys.contains($0.key) } }

    private var isOneText: Bool {
        guard let elements = members["content"]?.arrayValue, elements.count == 1, let block = elements[0].objectValue
        else { return false }
        return block["type"] == "text" && block.count == 2
    }

    /// The block as a part of an OpenAI message; nil when there is no word for it.
    var part: JSON? {
        let source = members["source"]
        switch type {
        case "text": return ["type": "text", "text": members["text"] ?? ""]
        case "image": return location(source).map { ["type": "image_url", "image_url": ["url": .string($0)]] }
        case "document":
            if source?["type"] == "text", let text = source?["data"] { return ["type": "text", "text": text] }
            guard source?["type"] == "base64", let data = location(source) else { return nil }
            let name = members["title"]?.stringValue ?? "document.pdf"
            return ["type": "file", "file": ["filename": .string(name), "file_data": .string(data)]]
        default: return nil
        }
    }

    /// A `data:` URL (RFC 2397), or the URL itself.
    private func location(_ source: JSON?) -> String? {
        switch source?["type"] {
        case "url": source?["url"]?.stringValue
        case "base64":
            source?["data"]?.stringValue.map { data in
                "data:\(source?["media_type"]?.stringValue ?? "application/octet-stream");base64,\(data)"
            }
        default: nil
        }
    }
}
