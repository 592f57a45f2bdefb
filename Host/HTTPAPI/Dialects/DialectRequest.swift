import Access
import Core
import Gateway
import NIOCore
import PraximousJSON

/// One request in a vendor's dialect, read as far as it could be: who asks, and for what, or why not.
///
/// Both go to the pipeline, which records the refusals as well.
struct DialectRequest<Asked: Sendable>: Sendable {
    let origin: RequestOrigin
    let principal: Result<Principal, Failure>
    let asked: Result<Asked, Failure>
    /// Empty when none could be read.
    let body: ByteBuffer

    var bodyBytes: Int { body.readableBytes }

    /// What its repeats are known by; nil for a request that is refused in any case.
    func repeated(_ name: (Asked) -> String, isStreaming: (Asked) -> Bool) -> RepeatedRequests.Asked? {
        guard case .success(let principal) = principal, case .success(let asked) = asked else { return nil }
        return RepeatedRequests.Asked(
            principal: principal,
            name: name(asked),
            body: body,
            isStreaming: isStreaming(asked)
        )
    }

    /// The same, if there is nothing against it.
    func refused(by refusal: Failure?) -> DialectRequest {
        guard let refusal else { return self }
        return DialectRequest(origin: origin, principal: principal, asked: .failure(refusal), body: body)
    }
}

/// Understands such requests within the limits.
struct DialectReader: Sendable {
    let limits: HTTPLimits

    /// As ``read(_:decoding:)``, of one JSON object.
    func read<Asked>(
        _ request: IncomingRequest,
        _ understand: (JSONObject) throws(Failure) -> Asked
    ) -> DialectRequest<Asked> {
        read(request, decoding: { body throws(Failure) in try understand(try members(of: body)) })
    }

    /// Nothing of the body is looked at for someone who may not ask.
    func read<Asked>(
        _ request: IncomingRequest,
        decoding decode: (ByteBuffer) throws(Failure) -> Asked
    ) -> DialectRequest<Asked> {
        DialectRequest(
            origin: request.origin,
            principal: request.principal,
            asked: Result { () throws(Failure) in
                _ = try request.principal.get()
                return try decode(try request.body.get())
            },
            body: (try? request.body.get()) ?? ByteBuffer()
        )
    }

    /// The one JSON value of a body.
    func json(of body: ByteBuffer) throws(Failure) -> JSON {
        let jsonLimits = JSONLimits(maxDepth: limits.maxNesting)
        do throws(JSONError) {
            return try body.withUnsafeReadableBytes { bytes in
                Result { () throws(JSONError) in
                    try JSON.parse(bytes.assumingMemoryBound(to: UInt8.self), limits: jsonLimits)
                }
            }.get()
        } catch {
            throw Failure(jsonError: error)
        }
    }

    private func members(of body: ByteBuffer) throws(Failure) -> JSONObject {
        let value: JSON
        do throws(Failure) {
            value = try json(of: body)
        } catch {
            // The vendors answer 400 where this host's own API has 422.
            throw Failure(.invalid, code: error.code, message: error.message, hint: error.hint)
        }
        guard let members = value.objectValue else {
            throw Failure(
                .invalid,
                code: "invalid_request",
                message: "The body must be a JSON object, found \(value.typeName)."
            )
        }
        return members
    }
}
