import PraximousJSON

/// One check of one value.
///
/// First without collecting: a valid value costs no paths and no messages. Only then again, to say what is wrong.
struct SchemaEvaluation {
    let nodes: [SchemaNode]
    let limits: JSONSchema.Limits
    /// While false, the first failure ends the check.
    var isCollecting = false
    var found: [SchemaViolation] = []
    private var evaluations = 0
    /// Set once the limits are used up: the answer is no, and nothing more is looked at.
    private var exhausted = false

    init(nodes: [SchemaNode], limits: JSONSchema.Limits) {
        self.nodes = nodes
        self.limits = limits
    }

    mutating func isValid(_ value: JSON) -> Bool { check(value, 0, depth: 0) }

    mutating func violations(of value: JSON) -> [SchemaViolation] {
        isCollecting = true
        exhausted = false
        evaluations = 0
        _ = check(value, 0, depth: 0)
        if found.isEmpty { fail("schema_limit", "schema_limit", "Input takes too long to check") }
        // Steps were added on the way out, last one first.
        return found.map { violation in
            var violation = violation
            violation.path.reverse()
            return violation
        }
    }

    /// Whether more is to be looked at after a failure.
    var wantsMore: Bool { isCollecting && found.count < limits.maxViolations && !exhausted }

    /// Checks the value against the schema at `position`; false when it is not valid.
    mutating func check(_ value: JSON, _ position: Int, depth: Int) -> Bool {
        let node = nodes[position]
        if node.isAlwaysValid { return true }
        evaluations += 1
        guard depth < limits.maxEvaluationDepth, evaluations <= limits.maxEvaluations, !exhausted else {
            exhausted = true
            return false
        }
        let start = found.count
        let isValid = checkRules(value, node, depth: depth)
        if !isValid, isCollecting, let messages = node.messages {
            for position in start..<found.count where found[position].override == nil {
                found[position].override = messages.text(
                    keyword: found[position].keyword,
                    inside: found[position].path
                )
            }
        }
        return isValid
    }

    private mutating func checkRules(_ value: JSON, _ node: SchemaNode, depth: Int) -> Bool {
        if node.isNeverValid { return fail("false", "forbidden", "No value is permitted here") }
        // What follows would only repeat that the type is wrong.
        if !node.types.isEmpty, !hasType(value, node) { return false }
        var isValid = true
        if node.allowedValues != nil || node.constant != nil {
            isValid = checkChoice(value, node)
            if !isValid, !wantsMore { return false }
        }
        switch value {
        case .string(let text):
            if let rules = node.strings, !check(text, rules) { isValid = false }
        case .number(let number):
            if let rules = node.numbers, !check(number, rules) { isValid = false }
        case .object(let object):
            if let rules = node.objects, !check(object, rules, depth: depth) { isValid = false }
        case .array(let elements):
            if let rules = node.arrays, !check(elements, rules, depth: depth) { isValid = false }
        default: break
        }
        if let rules = node.combination, isValid || wantsMore, !check(value, rules, depth: depth) { isValid = false }
        return isValid
    }

    private mutating func hasType(_ value: JSON, _ node: SchemaNode) -> Bool {
        let accepted: Bool
        switch value {
        case .null: accepted = node.types.contains(.null)
        case .bool: accepted = node.types.contains(.boolean)
        case .string: accepted = node.types.contains(.string)
        case .array: accepted = node.types.contains(.array)
        case .object: accepted = node.types.contains(.object)
        case .number(let number):
            // 1.0 is an integer too, and so is 1e3.
            accepted =
                node.types.contains(.number)
                || node.types.contains(.integer) && (number.isInteger || SchemaNumber(number).isInteger)
        }
        if accepted { return true }
        return fail("type", SchemaWords.type(of: node), SchemaWords.typeMessage(node))
    }

    private mutating func checkChoice(_ value: JSON, _ node: SchemaNode) -> Bool {
        if let allowed = node.allowedValues, !allowed.contains(where: { $0.isSameValue(as: value) }) {
            return fail("enum", "enum", SchemaWords.choice(allowed))
        }
        if let constant = node.constant, !constant.isSameValue(as: value) {
            return fail("const", "literal_error", SchemaWords.choice([constant]))
        }
        return true
    }

    /// Notes a violation at this value; always false.
    ///
    /// The message is made only when someone will read it.
    @discardableResult
    mutating func fail(_ keyword: String, _ type: String, _ message: @autoclosure () -> String) -> Bool {
        guard isCollecting, found.count < limits.maxViolations else { return false }
        found.append(SchemaViolation(path: [], keyword: keyword, type: type, message: message()))
        return false
    }

    /// Says that the violations noted since `start` lie behind this step.
    mutating func prefix(_ component: JSONPathComponent, since start: Int) {
        guard isCollecting else { return }
        for position in start..<found.count { found[position].path.append(component) }
    }

    /// Checks a schema whose violations are nobody's business.
    mutating func matches(_ value: JSON, _ position: Int, depth: Int) -> Bool {
        let wasCollecting = isCollecting
        isCollecting = false
        defer { isCollecting = wasCollecting }
        return check(value, position, depth: depth)
    }
}
