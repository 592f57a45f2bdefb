extension JSON {
    /// Equal when both are the same value: texts byte by byte, so that "é" and "e\u{301}" differ; numbers and objects
    /// as ``JSONNumber`` and ``JSONObject`` say.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}
