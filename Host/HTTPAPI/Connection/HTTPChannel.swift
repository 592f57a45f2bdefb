import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection of the host: HTTP/1.1, until a request makes a WebSocket of it.
///
/// The requests of pipelines are served here, one after the other; Hummingbird reads and serves all others. After an
/// upgrade the connection's pipeline is another one, and both wait for a request that never comes, until it ends.
package struct HTTPChannel: ServerChildChannel, HTTPChannelHandler {
    package struct Value: ServerChildChannelValue {
        let others: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        let serving: ServingTask

        package var channel: any Channel { others.channel }
    }

    package let responder: HTTPChannelHandler.Responder
    let webSockets: WebSocketHost
    let requests: RequestHost
    /// The time a client may take to read what waits for it.
    let stall: Duration

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 80 << 10
            limits.maxHeaderListSize = 80 << 10
            limits.maxHeaderFieldCount = 1000
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    informationalResponseStrategy: .drop,
                    limitConfiguration: limits
                )
            )
            let codec = HTTP1ToHTTPServerCodec(secure: false)
            let framing = RequestFraming()
            let client = LeavingClient()
            let gate = RequestGate(host: requests, client: client, logger: logger)
            let upgrade = UpgradeGate(
                host: webSockets,
                handlers: .init(encoder: encoder, decoder: decoder, others: [framing, gate, codec])
            )
            client.stops { [serving = gate.serving] in serving.cancel() }
            try pipeline.addHandlers([
                client, encoder, decoder, framing, gate, upgrade, codec, StalledReader(limit: stall),
            ])
            return Value(
                others: try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                ),
                serving: gate.serving
            )
        }
    }

    package func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            await handleHTTP(asyncChannel: value.others, logger: logger)
            await value.serving.end()
        } onCancel: {
            value.serving.cancel()
        }
    }
}
