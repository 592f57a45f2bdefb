import Core
import Glibc
import Synchronization

/// Fetches files over https, http and `file:` with libcurl, each download on a thread of its own.
///
/// Redirects are followed here and not by libcurl: every target is checked before a byte is sent to it.
package struct Downloader: Sendable {
    package typealias Progress = @Sendable (DownloadProgress) -> Void

    package let policy: DownloadPolicy

    package init(policy: DownloadPolicy = DownloadPolicy()) { self.policy = policy }

    private var limits: DownloadLimits { policy.limits }

    /// The whole body, at most `maxBytes` of it: a longer one is an error, not a truncation.
    package func fetch(_ address: WebAddress, maxBytes: Int, progress: Progress? = nil) async throws -> [UInt8] {
        let memory = MemorySink(maxBytes: maxBytes)
        _ = try await run(address, into: memory, progress: progress)
        return memory.bytes
    }

    /// What a server answers to somebody who may have the file already.
    package struct Answer: Sendable {
        /// Empty when it is unchanged.
        package let bytes: [UInt8]
        package let isUnchanged: Bool
        /// To be shown next time; nil where the server gives none.
        package let tag: String?
    }

    /// The whole body, unless the server says that it is still the one with this entity tag.
    package func fetch(_ address: WebAddress, maxBytes: Int, unlessTagged tag: String?) async throws -> Answer {
        let memory = MemorySink(maxBytes: maxBytes)
        let end = try await run(address, into: memory, progress: nil, knownTag: tag)
        return Answer(bytes: memory.bytes, isUnchanged: end.isUnchanged, tag: end.tag)
    }

    /// Writes the body to an open file, at most `maxBytes`, and returns its length.
    ///
    /// The descriptor stays the caller's.
    package func fetch(
        _ address: WebAddress,
        into descriptor: Int32,
        maxBytes: Int,
        progress: Progress? = nil
    ) async throws -> Int {
        let file = FileSink(descriptor: descriptor, maxBytes: maxBytes)
        _ = try await run(address, into: file, progress: progress)
        return file.count
    }

    private struct End: Sendable {
        let isUnchanged: Bool
        let tag: String?
    }

    private func run(
        _ address: WebAddress,
        into sink: any DownloadSink,
        progress: Progress?,
        knownTag: String? = nil
    ) async throws -> End {
        let isCancelled = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await DedicatedThread.run {
                try follow(address, into: sink, isCancelled: isCancelled, progress: progress, knownTag: knownTag)
            }
        } onCancel: {
            isCancelled.raise()
        }
    }

    private func follow(
        _ first: WebAddress,
        into sink: any DownloadSink,
        isCancelled: CancellationFlag,
        progress: Progress?,
        knownTag: String?
    ) throws -> End {
        var address = first
        var origin: AddressScope?
        let deadline = ContinuousClock.now + .seconds(limits.totalSeconds)
        for hop in 0...limits.maxRedirects {
            try check(address)
            let transfer = try Transfer(
                address: address,
                // A redirect is held to the scope of the address the caller named.
                requiredOrigin: hop == 0 ? nil : origin ?? .publicInternet,
                sink: sink,
                isCancelled: isCancelled,
                progress: progress,
                knownTag: knownTag
            )
            let remaining = Int((deadline - .now).components.seconds)
            guard remaining > 0 else { throw DownloadError.timedOut(place: address.place, phase: totalPhase) }
            let next = try transfer.perform(policy: policy, limits: limits, totalSeconds: remaining)
            if hop == 0 { origin = AddressScope(host: first.host) ?? transfer.connectedScope }
            guard let next else { return End(isUnchanged: transfer.isUnchanged, tag: transfer.tag) }
            address = try redirect(from: address, to: next, origin: origin ?? .publicInternet)
        }
        throw DownloadError.tooManyRedirects(place: first.place, limit: limits.maxRedirects)
    }

    private var totalPhase: String { "the whole transfer may take \(limits.totalSeconds) s" }

    private func check(_ address: WebAddress) throws {
        switch address.scheme {
        case "https": return
        case "file":
            guard address.host.isEmpty || address.host == "localhost" else { throw DownloadError.malformedURL }
        case "http":
            guard policy.allowsPlainHTTP || AddressScope(host: address.host) == .loopback else {
                throw DownloadError.plainHTTPRefused(place: address.place)
            }
        default: throw DownloadError.schemeRefused(scheme: address.scheme)
        }
    }

    private func redirect(from current: WebAddress, to text: String, origin: AddressScope) throws -> WebAddress {
        func refused(_ target: String, _ reason: String) -> DownloadError {
            .redirectRefused(place: current.place, target: target, reason: reason)
        }
        guard let target = try? WebAddress(text, relativeTo: current) else {
            throw refused("something that is not a URL", "the target cannot be read")
        }
        guard target.scheme == "https" || target.scheme == "http" else {
            throw refused("\(target.scheme):", "only https and http can be redirected to")
        }
        guard !(current.scheme == "https" && target.scheme == "http") else {
            throw refused("http://\(target.host)", "a redirect may not leave https")
        }
        if let scope = AddressScope(host: target.host), !origin.mayRedirect(to: scope) {
            throw refused(target.host, "it is an internal address")
        }
        return target
    }
}

/// Raised by the task that waits, read by the thread that transfers.
final class CancellationFlag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() { raised.store(true, ordering: .relaxed) }
}
