import PraximousJSON

extension SchemaCompiler {
    /// Reads a keyword about any value, strings or numbers; returns whether it was one.
    func readValueKeyword(
        _ member: JSONObject.Member,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) -> Bool {
        switch member.key {
        case "type": try readTypes(member.value, into: &draft, at: path)
        case "enum":
            guard let values = member.value.arrayValue, !values.isEmpty else {
                throw SchemaError(path: path, reason: "expected a list of at least one value")
            }
            draft.allowedValues = values
        case "const": draft.constant = member.value
        case "errorMessage": draft.messages = try messages(member.value, at: path)
        case "format": try readFormat(member.value, into: &draft, at: path)
        case "minLength": draft.strings = try with(draft.strings, \.minLength, count(member.value, at: path))
        case "maxLength": draft.strings = try with(draft.strings, \.maxLength, count(member.value, at: path))
        case "pattern": draft.strings = try with(draft.strings, \.pattern, pattern(member.value, at: path))
        case "minimum": draft.numbers = try with(draft.numbers, \.minimum, number(member.value, at: path))
        case "maximum": draft.numbers = try with(draft.numbers, \.maximum, number(member.value, at: path))
        case "exclusiveMinimum":
            draft.numbers = try with(draft.numbers, \.exclusiveMinimum, number(member.value, at: path))
        case "exclusiveMaximum":
            draft.numbers = try with(draft.numbers, \.exclusiveMaximum, number(member.value, at: path))
        case "multipleOf":
            let divisor = try number(member.value, at: path)
            guard divisor.canDivide else {
                throw SchemaError(path: path, reason: "expected a number above 0 with at most 18 digits")
            }
            draft.numbers = with(draft.numbers, \.multipleOf, divisor)
        default: return false
        }
        return true
    }

    private func with<Value>(
        _ rules: StringRules?,
        _ field: WritableKeyPath<StringRules, Value>,
        _ value: Value
    ) -> StringRules {
        var rules = rules ?? StringRules()
        rules[keyPath: field] = value
        return rules
    }

    private func with(
        _ rules: NumberRules?,
        _ field: WritableKeyPath<NumberRules, SchemaNumber?>,
        _ value: SchemaNumber
    ) -> NumberRules {
        var rules = rules ?? NumberRules()
        rules[keyPath: field] = value
        return rules
    }

    private func readTypes(
        _ value: JSON,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) {
        let names = value.stringValue.map { [$0] } ?? (value.arrayValue ?? []).compactMap(\.stringValue)
        guard !names.isEmpty, names.count == value.arrayValue?.count ?? 1 else {
            throw SchemaError(path: path, reason: "expected the name of a type or a list of them")
        }
        for name in names {
            guard let type = SchemaTypes(name: name) else {
                throw SchemaError(
                    path: path,
                    reason: "unknown type \(name.quotedForMessage()); "
                        + "expected null, boolean, integer, number, string, array or object"
                )
            }
            draft.types.insert(type)
        }
        draft.typeNames = names
    }

    private func readFormat(
        _ value: JSON,
        into draft: inout SchemaNode.Draft,
        at path: [JSONPathComponent]
    ) throws(SchemaError) {
        guard let name = value.stringValue else {
            throw SchemaError(path: path, reason: "expected the name of a format, found \(value.typeName)")
        }
        // An unknown format is a note to the reader, as the standard says.
        guard let format = StringFormat(rawValue: name) else { return }
        draft.strings = with(draft.strings, \.format, format)
    }

    func count(_ value: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> Int {
        guard let count = value.intValue, count >= 0 else {
            throw SchemaError(path: path, reason: "expected a whole number from 0, found \(value.briefly)")
        }
        return count
    }

    private func number(_ value: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> SchemaNumber {
        guard case .number(let number) = value else {
            throw SchemaError(path: path, reason: "expected a number, found \(value.typeName)")
        }
        return SchemaNumber(number)
    }

    func pattern(_ value: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> LinearPattern {
        guard let text = value.stringValue else {
            throw SchemaError(path: path, reason: "expected a pattern, found \(value.typeName)")
        }
        do throws(LinearPatternError) {
            return try LinearPattern(text)
        } catch {
            throw SchemaError(path: path, reason: error.description)
        }
    }

    private func messages(_ value: JSON, at path: [JSONPathComponent]) throws(SchemaError) -> SchemaMessages {
        var messages = SchemaMessages()
        if let text = value.stringValue {
            messages.any = text
            return messages
        }
        guard let members = value.objectValue else {
            throw SchemaError(path: path, reason: "expected a text, or an object of keyword to text")
        }
        for member in members {
            let place = path + [.key(member.key)]
            switch (member.key, member.value) {
            case ("_", .string(let text)): messages.any = text
            case (_, .string(let text)): messages.byKeyword[member.key] = text
            case ("required", .object(let names)): messages.byMissing = try texts(names, at: place)
            case ("properties", .object(let names)): messages.byProperty = try texts(names, at: place)
            default: throw SchemaError(path: place, reason: "expected a text, found \(member.value.typeName)")
            }
        }
        return messages
    }

    private func texts(_ members: JSONObject, at path: [JSONPathComponent]) throws(SchemaError) -> [String: String] {
        var texts: [String: String] = [:]
        for member in members {
            guard let text = member.value.stringValue else {
                throw SchemaError(path: path + [.key(member.key)], reason: "expected a text")
            }
            texts[member.key] = text
        }
        return texts
    }
}
