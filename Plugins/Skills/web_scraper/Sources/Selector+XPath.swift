extension Selector {
    /// The same in XPath 1.0.
    ///
    /// One step over all elements, with what must be around an element as its condition: several steps would make sets of
    /// nodes that libxml2 merges in quadratic time.
    var xPath: String {
        "/descendant::*[" + alternatives.map(Self.test).joined(separator: " or ") + "]"
    }

    private static func test(_ compounds: [Compound]) -> String {
        var test = ""
        for compound in compounds {
            let axis = compound.combinator == .child ? "parent" : "ancestor"
            let around = test.isEmpty ? "" : "[\(axis)::*[\(test)]]"
            let conditions = compound.conditions.map { "[\($0.xPath)]" }.joined()
            test = "self::\(compound.type ?? "*")\(conditions)\(around)"
        }
        return test
    }
}

extension Selector.Condition {
    fileprivate var xPath: String {
        switch self {
        case .id(let name): "@id = \(name.xPathLiteral)"
        case .hasClass(let name): "contains(concat(' ', normalize-space(@class), ' '), \(" \(name) ".xPathLiteral))"
        case .hasAttribute(let name): "@\(name)"
        case .attribute(let name, .equals, let value): "@\(name) = \(value.xPathLiteral)"
        // By CSS an empty piece is in nothing.
        case .attribute(_, _, ""): "false()"
        case .attribute(let name, .prefix, let value): "starts-with(@\(name), \(value.xPathLiteral))"
        case .attribute(let name, .contains, let value): "contains(@\(name), \(value.xPathLiteral))"
        case .attribute(let name, .suffix, let value):
            "substring(@\(name), string-length(@\(name)) - \(value.unicodeScalars.count - 1)) = \(value.xPathLiteral)"
        // Positions, not count(): libxml2 stops there and does not count all siblings of all.
        case .nthChild(1): "not(preceding-sibling::*[1])"
        case .nthChild(let position):
            "preceding-sibling::*[\(position - 1)] and not(preceding-sibling::*[\(position)])"
        }
    }
}

extension String {
    /// XPath 1.0 has no escapes: a text with both kinds of quotes is put together from pieces.
    fileprivate var xPathLiteral: String {
        if !contains("'") { return "'\(self)'" }
        if !contains("\"") { return "\"\(self)\"" }
        let pieces = split(separator: "'", omittingEmptySubsequences: false).map { "'\($0)'" }
        return "concat(" + pieces.joined(separator: ", \"'\", ") + ")"
    }
}
