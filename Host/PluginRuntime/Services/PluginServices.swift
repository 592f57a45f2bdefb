package import Core

/// What a plugin asks of the host besides its call, its log and its configuration.
///
/// There are two kinds: in the host's own process these are the services themselves; in a worker each is a question
/// over the wire to the host, which asks the first kind. Permissions are judged by the first kind alone, since a worker
/// may have been taken over.
///
/// Every function may block, but not for longer than the call that asks may last.
package protocol PluginServices: Sendable {
    /// The tables that are offered; the others are NULL to the plugin.
    var tables: ServiceTables { get }
    /// A folder of the plugin's own; nil unless `storage.dir` was granted.
    var dataFolder: String? { get }

    /// `.denied` when skill.yaml does not declare the name, `.notFound` when the operator has set no value.
    func secret(named name: String) throws(ServiceError) -> Secret

    func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue
    /// Writes over that revision alone; 0 writes whatever is there.
    func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError)
    func removeValue(forKey key: [UInt8]) throws(ServiceError)
    /// In byte order.
    func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]]

    /// Starts a child request; its events come on any thread, one at a time, and exactly once its end.
    func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation

    /// Starts an HTTP exchange; its events come on any thread, one at a time.
    func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange

    /// Sends one message and returns when the server has taken it.
    func send(_ mail: MailMessage, for call: ServedCall) throws(MailRefusal)

    /// Returns the metric's number.
    func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32
    func record(metric: Int32, value: Double, labels: [String])
}

/// The host tables beyond call, log and config.
package struct ServiceTables: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let http = ServiceTables(rawValue: 1 << 0)
    package static let keyValue = ServiceTables(rawValue: 1 << 1)
    package static let invoke = ServiceTables(rawValue: 1 << 2)
    package static let metrics = ServiceTables(rawValue: 1 << 3)
    package static let mail = ServiceTables(rawValue: 1 << 4)
}

/// Why a service did not do what was asked; the raw values are those of status.h.
package enum ServiceError: Int32, Error, Sendable {
    case invalid = -1
    case unsupported = -2
    case denied = -3
    case notFound = -4
    case cancelled = -5
    case deadline = -6
    case busy = -7
    case tooLarge = -8
    case upstream = -9
    case unavailable = -10
    case internalError = -12
    case conflict = -14
}

/// A value of the plugin's own store.
package struct KeptValue: Sendable {
    package let bytes: [UInt8]
    package let revision: UInt64

    package init(bytes: [UInt8], revision: UInt64) {
        self.bytes = bytes
        self.revision = revision
    }
}

/// The call on whose behalf a service is asked.
package struct ServedCall: Sendable {
    package let context: CallContext
    /// CLOCK_MONOTONIC nanoseconds.
    package let deadline: UInt64
    /// Whether nobody waits for the call any more.
    package let isOver: @Sendable () -> Bool

    package init(context: CallContext, deadline: UInt64, isOver: @escaping @Sendable () -> Bool) {
        self.context = context
        self.deadline = deadline
        self.isOver = isOver
    }
}

/// Who hears of a child request.
package protocol InvocationEvents: AnyObject, Sendable {
    func event(_ event: CallEvent)
    func end(_ outcome: CallOutcome)
}

/// A child request under way; any thread may use it, also after its end.
package protocol RunningInvocation: AnyObject, Sendable {
    /// The end still comes, once.
    func cancel()
    /// So many bytes of events have been used up: the child may be as far ahead again.
    func consumed(_ bytes: Int)
}

/// A child request of a call.
package struct Invocation: Sendable {
    package let parent: ServedCall
    /// `skill:NAME/OPERATION`, `chat:MODEL` or `embed:MODEL`.
    package let target: String
    /// One JSON value.
    package let request: [UInt8]
    package let wantsEvents: Bool

    package init(parent: ServedCall, target: String, request: [UInt8], wantsEvents: Bool) {
        self.parent = parent
        self.target = target
        self.request = request
        self.wantsEvents = wantsEvents
    }
}

/// A counter, gauge or histogram as a plugin declares it.
package struct MetricDefinition: Sendable {
    package enum Kind: Int32, Sendable {
        case counter = 0
        case gauge = 1
        case histogram = 2
    }

    package let name: String
    package let kind: Kind
    package let labels: [String]

    package init(name: String, kind: Kind, labels: [String]) {
        self.name = name
        self.kind = kind
        self.labels = labels
    }
}
