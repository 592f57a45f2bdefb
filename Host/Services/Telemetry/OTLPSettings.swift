package import Egress

/// Where spans go, and how much of them the host holds meanwhile.
package struct OTLPSettings: Sendable {
    /// The collector's `/v1/traces`.
    package let url: String
    /// Such as a key; never logged.
    package let fields: [HTTPField]
    /// Which part of the traces that begin here is exported, 0...1.
    package let sample: Double
    /// Spans that wait; what comes beyond is dropped and counted.
    package let maxQueuedSpans: Int
    /// A batch is sent when it has so many spans, or so long after the last one.
    package var batchSpans = 512
    package var interval = Duration.seconds(5)
    /// How long the end of the host waits for what is left.
    package var closing = Duration.seconds(5)
    /// Before a batch is tried again, at most twice.
    package var retryPause = Duration.seconds(1)

    package init(url: String, fields: [HTTPField] = [], sample: Double = 1, maxQueuedSpans: Int = 2048) {
        self.url = url
        self.fields = fields
        self.sample = sample
        self.maxQueuedSpans = maxQueuedSpans
    }
}
