import Core
import Gateway
import Limits

/// Streams with an `idempotency_key`: the first is served, its repeats get its events again.
///
/// As ``RepeatedRequests`` over HTTP, of which a stream that runs is not waited for either.
struct RepeatedStreams: Sendable {
    let store: IdempotencyStore
    let starter: StreamStarter

    func start(_ start: ClientMessage.Start, _ origin: RequestOrigin, _ principal: Principal) -> StreamSource {
        guard let key = start.wishes.idempotencyKey, case .success(let task) = start.request else {
            return serve(start, start.request, origin, principal)
        }
        // The same key counts over HTTP as well, where the same body asks for something else.
        let body = Array((UpgradeDecision.path + "\n").utf8) + start.identity
        do throws(Failure) {
            switch try store.beginAtOnce(key, principal: principal.keyID, body: body) {
            case .run(let ticket):
                let source = serve(start, start.request, origin, principal)
                return KeptSource(source, ticket, requestID: origin.requestID).source
            case .replay(let answer):
                return ReplayedSource(answer) { [pipeline = starter.pipeline] in
                    do throws(Failure) {
                        try await pipeline.recordReplay(
                            origin,
                            principal,
                            name: task.taskType,
                            requestBytes: start.bytes,
                            responseBytes: answer.body.count
                        )
                        return nil
                    } catch {
                        return error
                    }
                }.source
            }
        } catch {
            return serve(start, .failure(error), origin, principal)
        }
    }

    private func serve(
        _ start: ClientMessage.Start,
        _ request: Result<SkillRequest, Failure>,
        _ origin: RequestOrigin,
        _ principal: Principal
    ) -> StreamSource {
        starter.start(request, start.wishes, origin, principal: .success(principal), requestBytes: start.bytes)
    }
}
