import Core
import Gateway
package import Hummingbird
import NIOCore
import PluginRuntime

/// What travels with one HTTP request: its id, its start, where it came from.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let requestID: String
    let receivedAt: Int64
    let startedAt: UInt64

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        requestID = RequestID.make()
        receivedAt = WallClock.system.now()
        startedAt = MonotonicClock.now()
    }

    var origin: RequestOrigin {
        RequestOrigin(
            requestID: requestID,
            receivedAt: receivedAt,
            startedAt: startedAt,
            clientAddress: channel.remoteAddress?.ipAddress
        )
    }
}
