import CYAML

/// libyaml's events, one after the other, as Swift values.
struct YAMLEvents: ~Copyable {
    struct Event {
        enum Kind {
            case streamStart, streamEnd, documentEnd, sequenceEnd, mappingEnd, nothing
            case documentStart(hasTagDirectives: Bool)
            case alias(String)
            case scalar(String, isPlain: Bool, anchor: String?, hasTag: Bool)
            case sequenceStart(anchor: String?, hasTag: Bool)
            case mappingStart(anchor: String?, hasTag: Bool)
        }

        let kind: Kind
        let line: Int
        let column: Int
    }

    /// Owned: made in init, freed in deinit.
    ///
    /// libyaml keeps pointers into it, so it may not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let source: String

    /// The bytes must outlive this value.
    init(_ bytes: UnsafeBufferPointer<UInt8>, source: String) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        self.source = source
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(source: source, line: 1, column: 1, message: "no memory for the YAML parser")
        }
        // Never let it guess UTF-16.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return Event(
            kind: Self.kind(of: event),
            line: Self.place(event.start_mark.line),
            column: Self.place(event.start_mark.column)
        )
    }

    private static func kind(of event: yaml_event_t) -> Event.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_DOCUMENT_START_EVENT:
            .documentStart(
                hasTagDirectives: event.data.document_start.tag_directives.start
                    != event.data.document_start.tag_directives.end
            )
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_ALIAS_EVENT: .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            .scalar(
                String(
                    decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length),
                    as: UTF8.self
                ),
                isPlain: event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
                anchor: text(event.data.scalar.anchor),
                hasTag: event.data.scalar.tag != nil
            )
        case YAML_SEQUENCE_START_EVENT:
            .sequenceStart(
                anchor: text(event.data.sequence_start.anchor),
                hasTag: event.data.sequence_start.tag != nil
            )
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            .mappingStart(anchor: text(event.data.mapping_start.anchor), hasTag: event.data.mapping_start.tag != nil)
        case YAML_MAPPING_END_EVENT: .mappingEnd
        default: .nothing
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// libyaml counts from 0, people from 1.
    private static func place(_ mark: Int) -> Int { mark &+ 1 }

    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
        let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
        return YAMLError(
            source: source,
            line: Self.place(parser.pointee.problem_mark.line),
            column: Self.place(parser.pointee.problem_mark.column),
            message: "not valid YAML\(context): \(problem)"
        )
    }
}
