import Core

/// Builds the tree from the events, within the limits.
struct YAMLBuilder: ~Copyable {
    /// A subtree and what repeating it costs.
    private struct Built {
        let node: YAMLNode
        let nodes: Int
        let height: Int
    }

    private var events: YAMLEvents
    private let source: String
    private let limits: YAMLLimits
    private var anchors: [String: Built] = [:]
    private var aliases = 0
    private var total = 0

    init(events: consuming YAMLEvents, source: String, limits: YAMLLimits) {
        self.events = events
        self.source = source
        self.limits = limits
    }

    mutating func buildDocument() throws(YAMLError) -> YAMLNode {
        _ = try events.next()
        let start = try events.next()
        guard case .documentStart(let hasTagDirectives) = start.kind else {
            throw failure(start, "expected a mapping, found an empty file")
        }
        if hasTagDirectives { throw failure(start, "%TAG is not supported; remove it") }
        let root = try build(try events.next(), depth: 1)
        _ = try events.next()
        let end = try events.next()
        guard case .streamEnd = end.kind else {
            throw failure(end, "expected one document, found a second; remove what begins at ---")
        }
        return root.node
    }

    private mutating func build(_ event: YAMLEvents.Event, depth: Int) throws(YAMLError) -> Built {
        switch event.kind {
        case .alias(let name): return try expand(name, event, depth: depth)
        case .scalar(let text, let isPlain, let anchor, let hasTag):
            try admit(event, depth: depth, hasTag: hasTag)
            let node = YAMLNode(.scalar(text, isPlain: isPlain), line: event.line, column: event.column)
            return remember(Built(node: node, nodes: 1, height: 1), as: anchor)
        case .sequenceStart(let anchor, let hasTag):
            try admit(event, depth: depth, hasTag: hasTag)
            return remember(try buildSequence(event, depth: depth), as: anchor)
        case .mappingStart(let anchor, let hasTag):
            try admit(event, depth: depth, hasTag: hasTag)
            return remember(try buildMapping(event, depth: depth), as: anchor)
        default: throw failure(event, "expected a value, found the end of the text")
        }
    }

    private mutating func buildSequence(_ start: YAMLEvents.Event, depth: Int) throws(YAMLError) -> Built {
        var elements: [YAMLNode] = []
        var (nodes, height) = (1, 0)
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { break }
            let built = try build(event, depth: depth + 1)
            elements.append(built.node)
            nodes += built.nodes
            height = max(height, built.height)
        }
        let node = YAMLNode(.sequence(elements), line: start.line, column: start.column)
        return Built(node: node, nodes: nodes, height: height + 1)
    }

    private mutating func buildMapping(_ start: YAMLEvents.Event, depth: Int) throws(YAMLError) -> Built {
        var entries: [YAMLEntry] = []
        var keys: [String: Int] = [:]
        var (nodes, height) = (1, 0)
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { break }
            let key = try key(event, depth: depth)
            if let line = keys.updateValue(event.line, forKey: key) {
                throw failure(
                    event,
                    "the key \(key.quotedForMessage()) is there twice, first in line \(line); remove one"
                )
            }
            let built = try build(try events.next(), depth: depth + 1)
            entries.append(YAMLEntry(key: key, line: event.line, column: event.column, value: built.node))
            nodes += built.nodes + 1
            height = max(height, built.height)
        }
        let node = YAMLNode(.mapping(entries), line: start.line, column: start.column)
        return Built(node: node, nodes: nodes, height: height + 1)
    }

    private mutating func key(_ event: YAMLEvents.Event, depth: Int) throws(YAMLError) -> String {
        guard case .scalar(let text, let isPlain, let anchor, let hasTag) = event.kind else {
            throw failure(event, "expected a name as the key, found a list, a mapping or an alias")
        }
        try admit(event, depth: depth, hasTag: hasTag)
        if isPlain, text == "<<" { throw failure(event, "merge keys (<<) are not supported; repeat the entries") }
        if anchor != nil { throw failure(event, "a key cannot carry an anchor; put it on the value") }
        return text
    }

    private mutating func expand(_ name: String, _ event: YAMLEvents.Event, depth: Int) throws(YAMLError) -> Built {
        guard let built = anchors[name] else {
            throw failure(event, "the alias *\(name.prefix(40)) has no anchor before it")
        }
        aliases += 1
        guard aliases <= limits.maxAliases else {
            throw failure(event, "expected at most \(limits.maxAliases) aliases; write the values out")
        }
        total += built.nodes
        try checkLimits(event, depth: depth + built.height - 1)
        return built
    }

    private mutating func admit(_ event: YAMLEvents.Event, depth: Int, hasTag: Bool) throws(YAMLError) {
        if hasTag { throw failure(event, "tags (!…) are not supported; remove it, or quote a text that begins with !") }
        total += 1
        try checkLimits(event, depth: depth)
    }

    private func checkLimits(_ event: YAMLEvents.Event, depth: Int) throws(YAMLError) {
        guard total <= limits.maxNodes else {
            throw failure(event, "expected at most \(limits.maxNodes) values, aliases written out")
        }
        guard depth <= limits.maxDepth else {
            throw failure(event, "expected at most \(limits.maxDepth) levels, found more; flatten the file")
        }
    }

    private mutating func remember(_ built: Built, as anchor: String?) -> Built {
        if let anchor { anchors[anchor] = built }
        return built
    }

    private func failure(_ event: YAMLEvents.Event, _ message: String) -> YAMLError {
        YAMLError(source: source, line: event.line, column: event.column, message: message)
    }
}
