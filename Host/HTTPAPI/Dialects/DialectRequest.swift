import Access
import Core
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import PraximousJSON

/// One request in a vendor's dialect, read as far as it could be: who asks, and for what, or why not.
///
/// Both go to the pipeline, which records the refusals as well.
struct DialectRequest<Asked: Sendable>: Sendable {
    let principal: Result<Principal, Failure>
    let asked: Result<Asked, Failure>
    let bodyBytes: Int
    /// The trace that the client brought.
    let trace: TraceContext?
}

/// Reads such requests within the limits.
struct DialectReader: Sendable {
    let authenticator: Authenticator
    let bodies: BodyReader
    let limits: HTTPLimits

    /// Nothing of the body is read for someone who may not ask.
    func read<Asked>(
        _ request: Request,
        _ context: APIContext,
        _ understand: (JSONObject) throws(Failure) -> Asked
    ) async -> DialectRequest<Asked> {
        let principal = authenticator.authenticate(request.presentedKey)
        if case .failure(let failure) = principal {
            return DialectRequest(principal: principal, asked: .failure(failure), bodyBytes: 0, trace: request.trace)
        }
        do {
            let body = try await bodies.read(request, context)
            let asked = Result { () throws(Failure) in try understand(try members(of: body)) }
            return DialectRequest(
                principal: principal,
                asked: asked,
                bodyBytes: body.readableBytes,
                trace: request.trace
            )
        } catch {
            // The client left, or was too slow: that, too, is a request of which the audit must know.
            let failure = error as? Failure ?? .bodyIncomplete
            return DialectRequest(principal: principal, asked: .failure(failure), bodyBytes: 0, trace: request.trace)
        }
    }

    private func members(of body: ByteBuffer) throws(Failure) -> JSONObject {
        let jsonLimits = JSONLimits(maxDepth: limits.maxNesting)
        let value: JSON
        do throws(JSONError) {
            value = try body.withUnsafeReadableBytes { bytes in
                Result { () throws(JSONError) in
                    try JSON.parse(bytes.assumingMemoryBound(to: UInt8.self), limits: jsonLimits)
                }
            }.get()
        } catch {
            // The vendors answer 400 where this host's own API has 422.
            let failure = Failure(jsonError: error)
            throw Failure(.invalid, code: failure.code, message: failure.message, hint: failure.hint)
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

extension Request {
    /// The `Idempotency-Key` of the request (draft-ietf-httpapi-idempotency-key-header).
    ///
    /// Throws ``Failure`` when it is longer than 255 bytes.
    func idempotencyKey() throws(Failure) -> String? {
        guard let key = headers[.idempotencyKey], !key.isEmpty else { return nil }
        guard key.utf8.count <= 255 else {
            throw Failure(
                .invalid,
                code: "invalid_idempotency_key",
                message: "The Idempotency-Key has \(key.utf8.count) bytes; at most 255 are allowed."
            )
        }
        return key
    }

    /// The place in a trace that the client brought; nil where it brought none, or nothing that can be read.
    var trace: TraceContext? {
        headers[.traceParent].flatMap { TraceContext(parent: $0, state: headers[.traceState]) }
    }
}
