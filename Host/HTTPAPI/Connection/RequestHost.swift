import Access
import Core
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What the connections of a host need to serve requests of the pipelines.
struct RequestHost: Sendable {
    let limits: HTTPLimits
    let authenticator: Authenticator
    let bodies: BodyReader
    let date: DateLine
    /// Hears of each answer.
    let count: @Sendable (_ route: String, _ status: Int) -> Void
    private let routes: [String: PipelineRoute]

    init(
        limits: HTTPLimits,
        authenticator: Authenticator,
        bodies: BodyReader,
        date: DateLine,
        routes: [APIRoute],
        count: @escaping @Sendable (String, Int) -> Void
    ) {
        self.limits = limits
        self.authenticator = authenticator
        self.bodies = bodies
        self.date = date
        self.count = count
        self.routes = Dictionary(uniqueKeysWithValues: routes.compactMap { PipelineRoute($0) }.map { ($0.path, $0) })
    }

    /// The time a connection may be silent between requests.
    var idle: TimeAmount { .seconds(Int64(limits.idleSeconds)) }

    /// The route of a pipeline that a request target is for.
    func route(of target: String) -> PipelineRoute? {
        if let route = routes[target] { return route }
        // As a router reads it: it may be absolute (RFC 9112, 3.2.2), and slashes too many mean nothing.
        let path = URI(target).path
        return routes["/" + path.split(separator: "/").joined(separator: "/")]
    }

    func principal(of headers: HTTPHeaders) -> Result<Principal, Failure> {
        authenticator.authenticate(
            PresentedKey.key(
                apiKey: headers.first(name: "x-api-key"),
                authorization: headers.first(name: "authorization")
            )
        )
    }

    /// Why the headers of a request are too large; nil when they are not.
    func headerRefusal(of head: HTTPRequestHead) -> Failure? {
        var bytes = head.uri.utf8.count
        for (name, value) in head.headers { bytes += name.utf8.count + value.utf8.count + 4 }
        return HeaderLimits(limits: limits).refusal(bytes: bytes, fields: head.headers.count)
    }
}

extension RequestHost {
    /// Serves the requests of one connection, until it has ended; cancelled when its client leaves.
    func serve(_ gate: GateHandle, logger: Logger) async {
        while let request = await gate.queue.next() {
            let answer = await answer(request, logger)
            count(request.route.path, Int(answer.status.code))
            await gate.write(answer, requestID: request.requestID)
        }
    }

    private func answer(_ request: IncomingRequest, _ logger: Logger) async -> Answer {
        do {
            return try await request.route.serve(request)
        } catch {
            let failure = Failure(serving: error, requestID: request.requestID, logger)
            return request.route.dialect.answer(failure, requestID: request.requestID)
        }
    }
}
