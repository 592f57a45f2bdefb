internal import CPraximous
internal import Synchronization

/// One C function per type of plugin that makes instances of it.
///
/// `create` is not told which plugin it belongs to, and Swift forms a C function pointer only from code that captures
/// nothing, no generic parameter either. So a few functions are written out, and each type claims one.
enum Creation {
    typealias Sink = @convention(c) (UnsafeMutableRawPointer?, prax_str) -> Void
    typealias Function = @convention(c) (UnsafePointer<prax_host>?, Sink?, UnsafeMutableRawPointer?) -> OpaquePointer?

    /// A library needs one; a test process that holds several skills needs some more.
    private static let functions: [Function] = [
        { create(0, $0, $1, $2) }, { create(1, $0, $1, $2) }, { create(2, $0, $1, $2) }, { create(3, $0, $1, $2) },
        { create(4, $0, $1, $2) }, { create(5, $0, $1, $2) }, { create(6, $0, $1, $2) }, { create(7, $0, $1, $2) },
    ]

    /// Makes one instance, to be held until destroy.
    typealias Maker = @Sendable (PluginHost) throws -> OpaquePointer

    private static let makers = Mutex<[Maker]>([])

    /// The function that makes this type's instances; nil when all are taken.
    static func claim(_ maker: @escaping Maker) -> Function? {
        makers.withLock { makers in
            guard makers.count < functions.count else { return nil }
            makers.append(maker)
            return functions[makers.count - 1]
        }
    }

    private static func create(
        _ position: Int,
        _ host: UnsafePointer<prax_host>?,
        _ report: Sink?,
        _ context: UnsafeMutableRawPointer?
    ) -> OpaquePointer? {
        let maker = makers.withLock { $0[position] }
        do {
            return try maker(PluginHost(host))
        } catch {
            withBorrowed((error as? SkillFailure)?.message ?? String(describing: error)) { report?(context, $0) }
            return nil
        }
    }
}
