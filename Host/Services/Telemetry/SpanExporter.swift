package import Core
package import Egress
package import PluginRuntime

/// Brings the spans of finished requests to a collector, by OTLP over HTTP.
package final class SpanExporter: Sendable {
    private let settings: OTLPSettings
    private let client: HTTPClient
    private let policy: HTTPPolicy
    private let version: String
    private let report: @Sendable (_ trouble: String) -> Void
    private let queue: SpanQueue
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// `report` hears why a batch was lost; never a key.
    ///
    /// Throws ``HTTPError`` when the URL cannot be asked.
    package init(
        _ settings: OTLPSettings,
        client: HTTPClient,
        version: String,
        report: @escaping @Sendable (_ trouble: String) -> Void = { _ in }
    ) throws(HTTPError) {
        let host: HostPattern
        do {
            host = HostPattern(try WebAddress(settings.url).host)
        } catch {
            throw .malformed(reason: "the collector's address cannot be read")
        }
        // That it can be sent at all is better known at the start.
        _ = try HTTPRequest(method: "POST", url: settings.url, fields: settings.fields)
        self.settings = settings
        self.client = client
        self.version = version
        self.report = report
        policy = HTTPPolicy(
            owner: "telemetry",
            hosts: [host],
            methods: ["POST"],
            // The operator wrote it down.
            privateHosts: [host],
            maxTransfers: 2,
            limits: HTTPLimits(
                connectMilliseconds: 5000,
                firstByteMilliseconds: 10_000,
                idleMilliseconds: 10_000,
                totalMilliseconds: 10_000,
                maxBodyBytes: 1 << 20
            )
        )
        queue = SpanQueue(maxSpans: settings.maxQueuedSpans, batchSpans: settings.batchSpans)
        (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    package var dropped: Int { queue.dropped }

    /// Which part of the traces that begin here is exported.
    package var sample: Double { settings.sample }

    /// Puts what was dropped on the page; `.conflict` when the name is taken.
    package func join(_ registry: MetricRegistry) throws(ServiceError) {
        let header = MetricText.Header(
            name: "prax_spans_dropped_total",
            help: "Spans that no collector took, or that there was no room for.",
            kind: .counter,
            labels: []
        )
        try registry.add(header) { [queue] in [(labels: [], series: .number(Double(queue.dropped)))] }
    }

    /// Takes a finished request, if its trace is sampled; never waits.
    package func add(_ call: ModelCall) {
        guard call.trace.isSampled else { return }
        if queue.add(call) { waker.yield() }
    }

    /// Sends what waits, until cancelled.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { [settings, waker] in
                while (try? await Task.sleep(for: settings.interval)) != nil { waker.yield() }
            }
            for await _ in wakes { await sendAll() }
            group.cancelAll()
        }
    }

    /// Sends what is left, for as long as the settings allow; after ``run()``.
    package func close() async {
        await withTaskGroup { group in
            group.addTask { await self.sendAll() }
            group.addTask { [settings] in try? await Task.sleep(for: settings.closing) }
            await group.next()
            group.cancelAll()
        }
        var lost = 0
        while case let batch = queue.take(), !batch.isEmpty {
            queue.drop(batch)
            lost += batch.count
        }
        if lost > 0 { report("The host stopped before the collector had taken \(lost) requests' spans.") }
    }

    private func sendAll() async {
        while !Task.isCancelled {
            let batch = queue.take()
            guard !batch.isEmpty else { return }
            await send(batch)
        }
    }

    private func send(_ batch: [ModelCall]) async {
        let body = OTLPDocument.encode(batch, version: version)
        var trouble = ""
        attempts: for attempt in 1...3 {
            switch await post(body) {
            case .taken: return
            case .refused(let reason):
                trouble = reason
                break attempts
            case .failed(let reason):
                trouble = reason
                if attempt < 3 { try? await Task.sleep(for: settings.retryPause) }
                // The host stops: close() has another try.
                if Task.isCancelled { return queue.putBack(batch) }
            }
        }
        queue.drop(batch)
        report("The collector did not take \(batch.count) requests' spans: \(trouble)")
    }

    private enum Outcome {
        case taken
        /// Trying again would not help.
        case refused(String)
        case failed(String)
    }

    private func post(_ body: [UInt8]) async -> Outcome {
        let fields = [HTTPField(name: "Content-Type", value: "application/json")] + settings.fields
        let handler = OTLPAnswer()
        do throws(HTTPError) {
            let request = try HTTPRequest(method: "POST", url: settings.url, fields: fields, body: body)
            let transfer = try client.start(request, policy: policy, handler: handler)
            let (status, error) = await withTaskCancellationHandler {
                await handler.end()
            } onCancel: {
                transfer.cancel()
            }
            if let error { return .failed(error.description) }
            switch status {
            case 200..<300: return .taken
            // Those that the protocol calls retryable.
            case 429, 502, 503, 504: return .failed("it answered \(status)")
            default: return .refused("it answered \(status)")
            }
        } catch {
            return .failed(error.description)
        }
    }
}
