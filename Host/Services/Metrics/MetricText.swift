import PluginRuntime

/// Metrics as Prometheus reads them: the text exposition format, version 0.0.4.
struct MetricText {
    struct Header: Sendable {
        let name: String
        let help: String
        let kind: MetricDefinition.Kind
        let labels: [String]

        /// The names on the page's lines, which no other metric may use.
        var lineNames: [String] {
            kind == .histogram ? [name, name + "_bucket", name + "_count", name + "_sum"] : [name]
        }
    }

    private(set) var text = ""

    mutating func append(_ header: Header, _ series: [(labels: [String], series: Metric.Series)]) {
        text += "# HELP \(header.name) \(Self.escaped(header.help, quote: false))\n"
        text += "# TYPE \(header.name) \(header.kind.word)\n"
        for (values, series) in series {
            let pairs = zip(header.labels, values).map { name, value in
                "\(name)=\"\(Self.escaped(value, quote: true))\""
            }
            switch series {
            case .number(let value): line(header.name, pairs, Self.number(value))
            case .histogram(let histogram): append(histogram, header.name, pairs)
            }
        }
    }

    private mutating func append(_ histogram: Histogram, _ name: String, _ pairs: [String]) {
        for (bound, count) in histogram.cumulative {
            line(name + "_bucket", pairs + ["le=\"\(Self.number(bound))\""], String(count))
        }
        line(name + "_bucket", pairs + ["le=\"+Inf\""], String(histogram.count))
        line(name + "_sum", pairs, Self.number(histogram.sum))
        line(name + "_count", pairs, String(histogram.count))
    }

    private mutating func line(_ name: String, _ pairs: [String], _ value: String) {
        text += name
        if !pairs.isEmpty { text += "{" + pairs.joined(separator: ",") + "}" }
        text += " " + value + "\n"
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        let escapes = text.utf8.contains { $0 == UInt8(ascii: "\\") || $0 == 0x0A || $0 == UInt8(ascii: "\"") }
        guard escapes else { return text }
        var escaped = ""
        // By scalar: a line feed behind a carriage return is one Character with it.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quote: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}

extension MetricText.Header {
    init(_ metric: Metric) {
        self.init(name: metric.name, help: metric.help, kind: metric.kind, labels: metric.labels)
    }
}

extension MetricDefinition.Kind {
    fileprivate var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
