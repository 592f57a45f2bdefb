import PraximousJSON

extension SchemaEvaluation {
    mutating func check(_ text: String, _ rules: StringRules) -> Bool {
        var isValid = true
        if rules.minLength > 0 || rules.maxLength < Int.max {
            isValid = checkLength(of: text, rules)
            if !isValid, !wantsMore { return false }
        }
        if let pattern = rules.pattern, !pattern.matches(text) {
            isValid = fail(
                "pattern",
                "string_pattern_mismatch",
                "String should match pattern '\(pattern.source)'"
            )
            if !wantsMore { return false }
        }
        if let format = rules.format, !format.isValid(text) {
            isValid = fail("format", format.violation.type, format.violation.message)
        }
        return isValid
    }

    /// Length is counted in code points.
    ///
    /// Bytes are known at once and are never fewer.
    private mutating func checkLength(of text: String, _ rules: StringRules) -> Bool {
        if text.utf8.count <= rules.maxLength, rules.minLength <= text.utf8.count / 4 { return true }
        let length = text.unicodeScalars.count
        if length < rules.minLength {
            return fail(
                "minLength",
                "string_too_short",
                "String should have at least \(SchemaWords.count(rules.minLength, "character"))"
            )
        }
        if length > rules.maxLength {
            return fail(
                "maxLength",
                "string_too_long",
                "String should have at most \(SchemaWords.count(rules.maxLength, "character"))"
            )
        }
        return true
    }

    mutating func check(_ number: JSONNumber, _ rules: NumberRules) -> Bool {
        let value = SchemaNumber(number)
        if let limit = rules.minimum, value.compared(to: limit) < 0 {
            return fail("minimum", "greater_than_equal", "Input should be greater than or equal to \(limit.text)")
        }
        if let limit = rules.maximum, value.compared(to: limit) > 0 {
            return fail("maximum", "less_than_equal", "Input should be less than or equal to \(limit.text)")
        }
        if let limit = rules.exclusiveMinimum, value.compared(to: limit) <= 0 {
            return fail("exclusiveMinimum", "greater_than", "Input should be greater than \(limit.text)")
        }
        if let limit = rules.exclusiveMaximum, value.compared(to: limit) >= 0 {
            return fail("exclusiveMaximum", "less_than", "Input should be less than \(limit.text)")
        }
        if let divisor = rules.multipleOf, !value.isMultiple(of: divisor) {
            return fail("multipleOf", "multiple_of", "Input should be a multiple of \(divisor.text)")
        }
        return true
    }

    mutating func check(_ object: JSONObject, _ rules: ObjectRules, depth: Int) -> Bool {
        var isValid = checkCount(of: object, rules)
        if !isValid, !wantsMore { return false }
        var present = 0
        for member in object {
            let property = rules.property(named: member.key)
            if property?.isRequired == true { present += 1 }
            guard isValid || wantsMore else { return false }
            let start = found.count
            if !check(member, property, rules, depth: depth) {
                isValid = false
                prefix(.key(member.key), since: start)
            }
        }
        if present < rules.requiredCount {
            isValid = false
            noteMissing(in: object, rules)
        }
        return isValid
    }

    private mutating func check(
        _ member: JSONObject.Member,
        _ property: ObjectRules.Property?,
        _ rules: ObjectRules,
        depth: Int
    ) -> Bool {
        var isValid = true
        var isKnown = false
        if let names = rules.names, !check(.string(member.key), names, depth: depth + 1) { isValid = false }
        if let schema = property?.schema {
            isKnown = true
            if !check(member.value, schema, depth: depth + 1) { isValid = false }
        }
        for rule in rules.patterns where rule.pattern.matches(member.key) {
            isKnown = true
            if !check(member.value, rule.schema, depth: depth + 1) { isValid = false }
        }
        guard !isKnown, let additional = rules.additional else { return isValid }
        if nodes[additional].isNeverValid {
            return fail("additionalProperties", "extra_forbidden", "Extra inputs are not permitted")
        }
        return check(member.value, additional, depth: depth + 1) && isValid
    }

    private mutating func checkCount(of object: JSONObject, _ rules: ObjectRules) -> Bool {
        if object.count < rules.minCount {
            return fail("minProperties", "too_short", SchemaWords.tooShort("Dictionary", rules.minCount, object.count))
        }
        if object.count > rules.maxCount {
            return fail("maxProperties", "too_long", SchemaWords.tooLong("Dictionary", rules.maxCount, object.count))
        }
        return true
    }

    private mutating func noteMissing(in object: JSONObject, _ rules: ObjectRules) {
        guard isCollecting else { return }
        for property in rules.properties where property.isRequired && object[property.name] == nil {
            let start = found.count
            fail("required", "missing", "Field required")
            prefix(.key(property.name), since: start)
        }
    }

    mutating func check(_ elements: [JSON], _ rules: ArrayRules, depth: Int) -> Bool {
        var isValid = checkList(elements, rules)
        if !isValid, !wantsMore { return false }
        if rules.items != nil || !rules.prefix.isEmpty {
            for (position, element) in elements.enumerated() {
                guard let schema = position < rules.prefix.count ? rules.prefix[position] : rules.items else { break }
                let start = found.count
                if check(element, schema, depth: depth + 1) { continue }
                isValid = false
                prefix(.index(position), since: start)
                guard wantsMore else { return false }
            }
        }
        if let contains = rules.contains {
            var isContained = false
            for element in elements where matches(element, contains, depth: depth + 1) {
                isContained = true
                break
            }
            if !isContained {
                isValid = fail("contains", "contains", "List should have at least 1 item of the kind asked for")
            }
        }
        return isValid
    }

    private mutating func checkList(_ elements: [JSON], _ rules: ArrayRules) -> Bool {
        if elements.count < rules.minCount {
            return fail("minItems", "too_short", SchemaWords.tooShort("List", rules.minCount, elements.count))
        }
        if elements.count > rules.maxCount {
            return fail("maxItems", "too_long", SchemaWords.tooLong("List", rules.maxCount, elements.count))
        }
        guard rules.isUnique, elements.count > 1 else { return true }
        var seen = Set<[UInt8]>(minimumCapacity: elements.count)
        for element in elements where !seen.insert(element.canonicalBytes()).inserted {
            return fail("uniqueItems", "unique_items", "List items should be unique")
        }
        return true
    }

    mutating func check(_ value: JSON, _ rules: CombinationRules, depth: Int) -> Bool {
        var isValid = true
        if let reference = rules.reference, !check(value, reference, depth: depth + 1) { isValid = false }
        for schema in rules.allOf where isValid || wantsMore {
            if !check(value, schema, depth: depth + 1) { isValid = false }
        }
        if let condition = rules.condition, isValid || wantsMore {
            let branch = matches(value, condition, depth: depth + 1) ? rules.then : rules.otherwise
            if let branch, !check(value, branch, depth: depth + 1) { isValid = false }
        }
        guard isValid || wantsMore else { return false }
        if !checkAlternatives(value, rules, depth: depth) { isValid = false }
        if let refused = rules.not, matches(value, refused, depth: depth + 1) {
            isValid = fail("not", "not_allowed", "Input should not have this form")
        }
        return isValid
    }

    private mutating func checkAlternatives(_ value: JSON, _ rules: CombinationRules, depth: Int) -> Bool {
        var isValid = true
        if !rules.anyOf.isEmpty {
            var isMatched = false
            for schema in rules.anyOf where matches(value, schema, depth: depth + 1) {
                isMatched = true
                break
            }
            if !isMatched {
                isValid = fail("anyOf", "union_mismatch", "Input should match at least one of the forms allowed")
            }
        }
        if !rules.oneOf.isEmpty {
            var matched = 0
            for schema in rules.oneOf where matches(value, schema, depth: depth + 1) {
                matched += 1
                if matched > 1 { break }
            }
            if matched != 1 {
                isValid = fail(
                    "oneOf",
                    matched == 0 ? "union_mismatch" : "union_ambiguous",
                    matched == 0
                        ? "Input should match one of the forms allowed"
                        : "Input should match exactly one of the forms allowed, but matches several"
                )
            }
        }
        return isValid
    }
}
