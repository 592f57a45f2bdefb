import CPraximous
import Core
import Glibc
import PraximousJSON
import Synchronization

/// A place for one call; reused, told apart by its generation.
///
/// `word` says who may touch the rest: generation in the high half; in the low half the state's bits, and above them
/// the number of readers. Whoever begins a call owns the fields until the word is published; the winner of an end
/// writes `outcome` and then `hasOutcome`; everyone else looks at fields only while counted as a reader, which
/// keeps the slot from being released.
struct CallSlot: ~Copyable {
    /// What few calls use.
    ///
    /// @unchecked Sendable: only touched under `extras`' lock; the text is freed there, too.
    struct Extras: @unchecked Sendable {
        var onCancel: PluginCallback?
        /// The thread that runs the cancel callback right now.
        var cancelThread: pthread_t?
        /// The cancel callback has ended the call, which it must not; the slot is released when it is back.
        var isReleaseDue = false
        var contextText: UnsafeMutableBufferPointer<UInt8>?
        /// What was asked beyond the arguments of the plugin's function.
        var request: JSON?
        /// What ends with the call, such as its HTTP exchanges.
        var atEnd: [@Sendable () -> Void] = []
    }

    static let readerUnit: UInt64 = 1 << 8
    static let readerMask: UInt64 = 0xFFFF_FF00

    let word = Atomic<UInt64>(0)
    let hasOutcome = Atomic<Bool>(false)
    let hasExtras = Atomic<Bool>(false)
    let nextFree = Atomic<UInt32>(0)
    let extras = Mutex(Extras())
    var deadline: UInt64 = 0
    /// Lives as long as it has calls: `admit()` has counted this one.
    var instance: Unmanaged<PluginInstance>?
    var context = CallContext(requestID: "")
    var events: (any EventSink)?
    /// Told when the slot has been taken back: from then on the plugin holds nothing of the call any more.
    var onRelease: (@Sendable () -> Void)?
    var waiter = CallWaiter.inline
    /// The outcome of an inline call: a failure, or `resultCount` bytes of `result`.
    var failure: Failure?
    var result = InlineResult()

    static func state(of word: UInt64) -> CallState { CallState(bits: UInt32(truncatingIfNeeded: word & 0xFF)) }

    static func generation(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }

    static func word(_ word: UInt64, with state: CallState) -> UInt64 { word & ~0xFF | UInt64(state.bits) }
}
