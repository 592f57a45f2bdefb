import Access
import Core
import Egress
import Foundation
import Logging
import Manifests
import Services

/// The section `telemetry:` of praximous.yaml: where spans go.
struct TelemetryConfiguration {
    /// The collector's base address, such as `http://127.0.0.1:4318`; nil leaves it to the environment.
    private var endpoint: String?
    /// The variable with further headers, `key=value,key=value`; nil is OpenTelemetry's own.
    private var headersVariable: String?
    private(set) var sample = 1.0
    private(set) var maxQueuedSpans = 2048

    private static let endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"
    private static let standardHeadersVariable = "OTEL_EXPORTER_OTLP_HEADERS"

    init() {}

    init(_ section: YAMLMapping) {
        defer { section.finish() }
        guard let otlp = section.mapping("otlp") else { return }
        endpoint = otlp.string("endpoint")
        headersVariable = otlp.string("headers_env")
        sample = otlp.number("sample", in: 0...1) ?? sample
        maxQueuedSpans = otlp.int("queue", in: 16...1_000_000) ?? maxQueuedSpans
        otlp.finish()
    }

    /// The endpoint as `config show` tells it, without a password that stands in it.
    var shownEndpoint: String {
        guard let endpoint else { return "as \(Self.endpointVariable) says" }
        if (try? WebAddress(endpoint))?.hasCredentials == false { return endpoint }
        return "not shown: it holds a password, or is no address"
    }

    var headersVariableInForce: String { headersVariable ?? Self.standardHeadersVariable }

    /// Nil where no collector is named.
    ///
    /// Throws ``CommandFailure`` when it cannot be asked as it is written.
    func exporter(_ environment: HostEnvironment, client: HTTPClient, logger: Logger) throws -> SpanExporter? {
        guard let endpoint = endpoint ?? environment[Self.endpointVariable]?.exposed, !endpoint.isEmpty else {
            return nil
        }
        let base = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        let settings = OTLPSettings(
            url: base + "/v1/traces",
            fields: try fields(environment),
            sample: sample,
            maxQueuedSpans: maxQueuedSpans
        )
        do throws(HTTPError) {
            return try SpanExporter(settings, client: client, version: HostVersion.text) { trouble in
                logger.warning("spans lost", metadata: ["reason": "\(trouble)"])
            }
        } catch {
            throw CommandFailure(
                .usage,
                "Spans cannot be sent to the collector: \(error.description).",
                hint: "Set telemetry.otlp.endpoint in praximous.yaml, or \(Self.endpointVariable), to an address such "
                    + "as http://127.0.0.1:4318, and its headers to lines of printable ASCII."
            )
        }
    }

    /// As the OpenTelemetry specification has the variable: `key=value` with percent-encoded values, between commas.
    private func fields(_ environment: HostEnvironment) throws -> [HTTPField] {
        let variable = headersVariableInForce
        guard let text = environment[variable]?.exposed else {
            guard headersVariable != nil else { return [] }
            throw CommandFailure(
                .usage,
                "telemetry.otlp.headers_env names the variable \(variable), which is not set.",
                hint: "Set \(variable) in config/.env to key=value pairs between commas."
            )
        }
        return try text.split(separator: ",").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, let value = parts[1].removingPercentEncoding else {
                throw CommandFailure(
                    .usage,
                    "The variable \(variable) does not hold headers.",
                    hint: "It is key=value pairs between commas, the values percent-encoded."
                )
            }
            return HTTPField(name: parts[0], value: value)
        }
    }
}
