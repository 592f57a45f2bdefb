import Core
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypesHTTP1
import PraximousJSON

/// One change of plugins on behalf of a request, with a life of its own: a client that leaves in the middle does not
/// leave half a change behind.
struct StoreJob: Sendable {
    private enum Event: Sendable {
        case progress(JSON)
        case done(JSON)
        case failed(Failure)
    }

    private let events: AsyncStream<Event>
    private let requestID: String

    /// Starts the work; fails once the host is stopping.
    init(
        _ work: @escaping @Sendable (@escaping StoreActions.Progress) async throws -> JSON,
        requestID: String,
        tasks: CallTasks
    ) throws(Failure) {
        self.requestID = requestID
        let (events, add) = AsyncStream<Event>.makeStream()
        self.events = events
        let isStarted = tasks.start {
            do {
                add.yield(.done(try await work { add.yield(.progress($0)) }))
            } catch {
                add.yield(.failed((error as? Failure) ?? .stopped))
            }
            add.finish()
        }
        guard isStarted else { throw .stopped }
    }

    /// The answer alone.
    func response() async throws -> Response {
        for await event in events {
            switch event {
            case .progress: continue
            case .done(let json): return Response(json: json)
            case .failed(let failure): throw failure
            }
        }
        throw Failure.stopped
    }

    /// Every step as it comes, then exactly one `done` or `error`.
    func stream() -> Response {
        Response(
            status: .ok,
            headers: HTTPFields(Answer.eventStream, splitCookie: false),
            body: ResponseBody { writer in
                var sequence = 0
                for await event in events {
                    sequence += 1
                    try await writer.write(ByteBuffer(bytes: message(event, sequence)))
                }
                if sequence == 0 { try await writer.write(ByteBuffer(bytes: message(.failed(.stopped), 1))) }
                try await writer.finish(nil)
            }
        )
    }

    private func message(_ event: Event, _ sequence: Int) -> [UInt8] {
        let (name, json): (String, JSON) =
            switch event {
            case .progress(let json): ("progress", json)
            case .done(let json): ("done", json)
            case .failed(let failure): ("error", failure.json(requestID: requestID))
            }
        return Array("event: \(name)\nid: \(sequence)\ndata: ".utf8) + json.encoded() + Array("\n\n".utf8)
    }
}

extension Failure {
    static let stopped = Failure(
        .unavailable,
        code: "stopping",
        message: "The host is stopping; nothing was changed.",
        hint: "Ask again once it has started."
    )
}
