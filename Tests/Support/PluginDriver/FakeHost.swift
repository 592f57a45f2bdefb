package import CPraximous
package import PraximousJSON
import Synchronization

/// What one call to a plugin left behind.
package struct CallRecord: Sendable {
    package struct Failure: Sendable, Equatable {
        package var status: Int32
        package var code: String
        package var message: String
        package var details: JSON?
        package var retryAfterMilliseconds: UInt32

        package init(
            status: Int32,
            code: String,
            message: String,
            details: JSON?,
            retryAfterMilliseconds: UInt32 = 0
        ) {
            self.status = status
            self.code = code
            self.message = message
            self.details = details
            self.retryAfterMilliseconds = retryAfterMilliseconds
        }
    }

    package struct Event: Sendable, Equatable {
        package var kind: String
        package var json: JSON
    }

    package var result: JSON?
    package var failure: Failure?
    package var events: [Event] = []
    /// What emit_vectors brought, one for each text.
    package var vectors: [[Float]] = []
    package var log: [String] = []
    /// How often the plugin ended the call; right is once.
    package var ends = 0
    /// What execute returned.
    package var returned: Int32 = 0
}

/// The host's side of the ABI for tests: tables of C functions over a recorder.
// Unchecked: the tables are written in init alone, and what changes is inside a Mutex.
package final class FakeHost: @unchecked Sendable {
    package struct Options: Sendable {
        package var config: [String: String] = [:]
        package var secrets: [String: [UInt8]] = [:]
        package var dataDirectory: String?
        /// Ids of services that are not there.
        package var missing: Set<String> = []
        /// Sizes that tables claim, by service id, to play an older host.
        ///
        /// `prax_host` goes by "host".
        package var sizes: [String: UInt32] = [:]
        package var isCancelled = false
        package var emitStatus: Int32 = 0
        package var finishStatus: Int32 = 0
        package var deadline: UInt64 = 0
        package var context = "{}"
        /// What starting an exchange is answered with.
        package var startStatus: Int32 = 0
        /// Plays every exchange, on a thread of its own, once the plugin has it; nil leaves that to the test.
        package var answer: (@Sendable (FakeExchange) -> Void)?
        /// What sending mail is answered with.
        package var mailStatus: Int32 = 0
        package var mailReason = ""
        /// How many bytes of events a client has room for at first.
        package var creditBytes = Int.max

        package init() {}
    }

    /// One call.
    struct Entry {
        var record = CallRecord()
        let host: FakeHost
        var isCancelled = false
        var creditBytes: Int
        var onCredit: FakeCallback?
    }

    static let records = Mutex<[UInt64: Entry]>([:])
    private static let nextCall = Mutex<UInt64>(1)

    package let options: Options
    package let pointer: UnsafePointer<prax_host>
    let lines = Mutex<[String]>([])
    let tables: FakeTables
    let started = Mutex<[FakeExchange]>([])
    let mails = Mutex<[FakeMail]>([])

    package init(_ options: Options = Options()) {
        self.options = options
        tables = FakeTables(options)
        let host = UnsafeMutablePointer<prax_host>.allocate(capacity: 1)
        pointer = UnsafePointer(host)
        host.initialize(
            to: prax_host(
                size: options.sizes["host"] ?? UInt32(MemoryLayout<prax_host>.size),
                abi_major: PRAX_ABI_MAJOR,
                abi_minor: PRAX_ABI_MINOR,
                // Held for ever: a plugin may keep the pointer until destroy, and tests are few.
                ctx: Unmanaged.passRetained(self).toOpaque(),
                name: lasting("fake-host"),
                version: lasting("9.8.7"),
                get_extension: { FakeHost.of($0)?.service($1) }
            )
        )
    }

    /// The exchanges that were started, in their order.
    package var exchanges: [FakeExchange] { started.withLock { $0 } }

    /// The messages that were to be sent, in their order.
    package var sentMail: [FakeMail] { mails.withLock { $0 } }

    /// The lines logged outside any call.
    package var log: [String] { lines.withLock { $0 } }

    static func of(_ context: UnsafeMutableRawPointer?) -> FakeHost? {
        context.map { Unmanaged<FakeHost>.fromOpaque($0).takeUnretainedValue() }
    }

    private func service(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id = id.map({ String(cString: $0) }), !options.missing.contains(id) else { return nil }
        return tables.byID[id]
    }

    /// Opens a call, hands it to the body, and returns what was recorded.
    package func record(_ body: (prax_call) -> Int32) -> CallRecord {
        let call = open()
        let returned = body(call)
        var record = Self.records.withLock { $0.removeValue(forKey: call.id)?.record } ?? CallRecord()
        record.returned = returned
        return record
    }

    /// Opens a call for as long as the test runs.
    func open() -> prax_call {
        let id = Self.nextCall.withLock { next in
            defer { next += 1 }
            return next
        }
        Self.records.withLock {
            $0[id] = Entry(host: self, isCancelled: options.isCancelled, creditBytes: options.creditBytes)
        }
        return prax_call(id: id)
    }
}

/// Text at an address that stays.
func lasting(_ text: String) -> prax_str {
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
    _ = copy.initialize(from: text.utf8.map { CChar(bitPattern: $0) } + [0])
    return prax_str(ptr: copy.baseAddress, len: text.utf8.count)
}

extension prax_str {
    var copy: String {
        guard let ptr else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: ptr, count: len), as: UTF8.self)
    }

    /// The value, when present.
    var json: JSON? { ptr == nil ? nil : try? JSON.parse(copy) }
}
