import CLinux
import Glibc

/// A thread of its own, detached, for the life of the process.
package enum DetachedThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// False when the kernel grants no further thread.
    ///
    /// `stackBytes` of 0 is the system's own size.
    @discardableResult
    package static func start(
        named name: String,
        stackBytes: Int = 0,
        _ run: @escaping @Sendable () -> Void
    ) -> Bool {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        if stackBytes > 0 { pthread_attr_setstacksize(&attributes, stackBytes) }
        let body = Unmanaged.passRetained(Body(name, run)).toOpaque()
        let result = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                // From inside: another thread would have to write to /proc for it, which a sandbox forbids.
                prax_thread_set_name(pthread_self(), body.name)
                body.run()
                return nil
            },
            body
        )
        guard result == 0 else {
            // Nobody else will ever take it over.
            Unmanaged<Body>.fromOpaque(body).release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
