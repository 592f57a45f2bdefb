/// Times and sizes as configuration files write them.
enum Quantity {
    private static let durations: [(unit: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizes: [(unit: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("B", 1),
    ]

    /// A unit is required: whether 30 means seconds or milliseconds is what people get wrong.
    static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        for (unit, milliseconds) in durations {
            guard text.hasSuffix(unit), let count = number(text.dropLast(unit.count)) else { continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: milliseconds)
            return overflow ? nil : .milliseconds(product)
        }
        return nil
    }

    static func bytes(_ text: String) -> Int? {
        for (unit, bytes) in sizes {
            guard text.hasSuffix(unit), let count = number(text.dropLast(unit.count)) else { continue }
            let (product, overflow) = count.multipliedReportingOverflow(by: bytes)
            return overflow ? nil : product
        }
        return number(text[...])
    }

    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return attoseconds == 0 ? "\(seconds)s" : "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
    }

    private static func number(_ text: Substring) -> Int? {
        var digits = text
        while digits.last == " " { digits = digits.dropLast() }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int(digits)
    }
}
