/// What a frame between host and worker is about.
///
/// On the wire, little-endian: `u32 payload bytes | u8 kind | u8 flags | u16 0 | u32 number | payload`. The number is a
/// call's or, in host requests and their responses, a request's; each side counts its own.
package enum FrameKind: UInt8, Sendable, CaseIterable {
    /// Both ways, first: the generations of this protocol that a side speaks, and the token of this worker.
    case hello = 1
    /// To the worker: the plugin, its configuration and its limits; the library comes along as a descriptor.
    case create = 2
    /// From the worker: which layers of protection hold; the listener for denials may come along.
    case sandboxed = 3
    /// From the worker: the instance is made.
    case ready = 4
    /// From the worker: it is not, and why.
    case refused = 5

    case call = 10
    case event = 11
    /// So many bytes of events more may come.
    case credit = 12
    case end = 13
    case cancel = 14
    /// From the worker: the plugin holds nothing of a cancelled call any more.
    case released = 15

    /// From the worker: a plugin asks for a service.
    case hostRequest = 20
    case hostResponse = 21

    case log = 30
    case metric = 31

    case ping = 40
    case pong = 41

    /// To the worker: no new calls will come.
    case drain = 50
    /// To the worker: destroy the instance and go.
    case bye = 51
}

/// What a frame's payload is, where its kind leaves a choice.
package struct FrameFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The message goes on in the next frame of this kind and number.
    package static let more = FrameFlags(rawValue: 1 << 0)
    /// An end that is a failure.
    package static let failure = FrameFlags(rawValue: 1 << 1)
    /// The parameters are in a sealed memory file that comes along.
    package static let memory = FrameFlags(rawValue: 1 << 2)
    /// A call whose events somebody reads.
    package static let streams = FrameFlags(rawValue: 1 << 3)
    /// Credit for a host request, not for a call.
    package static let request = FrameFlags(rawValue: 1 << 4)
    /// A log line in which the host's own code reports the plugin.
    package static let misbehaviour = FrameFlags(rawValue: 1 << 5)
}

/// What another process sent is not what this protocol allows.
package struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

package enum Wire {
    /// The generations of the protocol this host speaks.
    package static let generations = [1]
    /// The largest payload of one frame.
    package static let maxPayloadBytes = 1 << 20
    /// The largest message that frames may add up to: a result of the largest size, and a little.
    package static let maxMessageBytes = (16 << 20) + (64 << 10)
    package static let headerBytes = 12
    /// Parameters above this size go in a memory file.
    package static let maxInlineParameterBytes = 256 << 10
    /// The descriptor on which a worker finds its socket.
    package static let workerDescriptor: Int32 = 3
}
