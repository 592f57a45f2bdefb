import PluginRuntime

/// What a request costs the host while it waits for a thread or runs.
extension HostRequest {
    /// A little more than any store takes for one value; the services say exactly how much.
    private static let maxValueBytes = (1 << 20) + (64 << 10)
    private static let maxBodyBytes = 16 << 20
    /// What an object costs beside its text.
    private static let objectBytes = 64

    /// Roughly how much memory it holds.
    var heldBytes: Int {
        switch self {
        case .secret(let name): Self.objectBytes + name.utf8.count
        case .value(let key), .remove(let key), .keys(prefix: let key): Self.objectBytes + key.count
        case .put(let key, let value, _, _): Self.objectBytes + key.count + value.count
        case .metric(let definition): Self.bytes(of: definition.labels) + definition.name.utf8.count
        case .invoke(_, let target, _, let request): Self.objectBytes + target.utf8.count + request.count
        case .exchange(_, let request):
            request.body.count + request.url.utf8.count
                + Self.bytes(of: request.headers.lazy.flatMap { [$0.name, $0.value] })
        case .mail(_, let message):
            message.text.utf8.count + (message.html?.utf8.count ?? 0) + Self.bytes(of: message.to + [message.subject])
        case .cancel, .pause, .resume: 0
        }
    }

    /// Whether no service takes so much.
    var isTooLarge: Bool {
        switch self {
        case .put(_, let value, _, _): value.count > Self.maxValueBytes
        case .invoke(_, _, _, let request): request.count > Self.maxBodyBytes
        case .exchange(_, let request): request.body.count > Self.maxBodyBytes
        case .mail(_, let message): message.text.utf8.count > Self.maxValueBytes
        default: false
        }
    }

    private static func bytes(of texts: some Sequence<String>) -> Int {
        texts.reduce(objectBytes) { $0 + objectBytes + $1.utf8.count }
    }
}
