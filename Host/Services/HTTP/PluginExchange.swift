import Egress
import PluginRuntime

/// A transfer as a plugin's exchange.
final class PluginExchange: RunningExchange {
    private let transfer: HTTPTransfer

    init(_ transfer: HTTPTransfer) { self.transfer = transfer }

    func cancel() { transfer.cancel() }
    func pause() { transfer.pause() }
    func resume() { transfer.resume() }
}

/// Tells a plugin's exchange what happens to its transfer.
final class ExchangeHandler: HTTPHandler {
    private let events: any HTTPExchangeEvents

    init(_ events: any HTTPExchangeEvents) { self.events = events }

    func head(status: Int, fields: [HTTPField]) {
        events.head(status: Int32(clamping: status), headers: fields.map { ($0.name, $0.value) })
    }

    func body(_ piece: UnsafeRawBufferPointer) { events.body(piece) }

    func end(_ error: HTTPError?) { events.end(error: error.map(ServiceError.init), reason: error?.description ?? "") }
}

extension ServiceError {
    /// What a plugin hears of an HTTP error, in the words of http.h.
    init(_ error: HTTPError) {
        self =
            switch error {
            case .malformed: .invalid
            case .refused: .denied
            case .tooManyTransfers: .busy
            case .timedOut: .deadline
            case .bodyTooLarge: .tooLarge
            case .headTooLarge, .tooManyRedirects, .certificate, .unreachable, .interrupted: .upstream
            case .cancelled: .cancelled
            case .closed, .exhausted: .unavailable
            }
    }
}
