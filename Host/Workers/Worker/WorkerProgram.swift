import CLinux
import Core
import Glibc
import Logging
import PluginRuntime
import PraximousJSON
import Sandbox

/// What `prax-host worker` does: greets, locks itself up, loads one plugin and serves its calls until the host says
/// goodbye or is gone.
package enum WorkerProgram {
    /// Runs to the end of the process.
    ///
    /// Called first thing in the process, while it has one thread.
    package static func run() -> Never {
        guard fcntl(Wire.workerDescriptor, F_GETFD) >= 0 else {
            let words = "prax-host worker is started by a host, which is on descriptor 3. See prax-host serve --help.\n"
            write(2, words, words.utf8.count)
            _exit(ExitCode.usage.rawValue)
        }
        prax_malloc_few_arenas()
        var decoder = FrameDecoder()
        let outbox = WorkerOutbox(socket: Wire.workerDescriptor)
        // It may come along with what is read for the greeting.
        var library: Int32 = -1
        greet(&decoder, &library, outbox)
        let create = receive(.create, &decoder, &library)
        guard library >= 0, let message = try? CreateMessage(create) else { _exit(2) }
        guard lockUp(message, outbox) else { leave(outbox) }

        let services = WireServices(tables: message.tables, dataFolder: message.dataFolder, outbox: outbox)
        let session = WorkerSession(
            socket: Wire.workerDescriptor,
            decoder: decoder,
            outbox: outbox,
            services: services
        )
        let threads = session.start(maxThreads: message.limits.threads)
        var logger = Logger(label: "plugin") { _ in WireLogHandler(outbox: outbox) }
        logger.logLevel = Logger.Level(rawValue: message.logLevel) ?? .info
        do throws(Refusal) {
            let instance = try PluginLoader(logger: logger).start(
                descriptor: library,
                path: message.path,
                identity: message.identity,
                kind: message.kind,
                config: message.config,
                services: services
            )
            guard !instance.needsInProcess else { throw .needsInProcess(message.identity) }
            session.serve(instance)
            let flags: JSON = ["concurrent": .bool(instance.isConcurrent)]
            outbox.post(.ready, head: flags.encoded())
            StartPages.leave()
        } catch {
            refuse(error, outbox)
            leave(outbox)
        }
        threads.join()
    }

    /// Agrees on a generation of the protocol; nothing else has been read from the host so far.
    private static func greet(_ decoder: inout FrameDecoder, _ descriptor: inout Int32, _ outbox: WorkerOutbox) {
        let payload = receive(.hello, &decoder, &descriptor)
        guard let hello = try? HelloMessage(payload),
            let generation = HelloMessage.common(Wire.generations, hello.generations)
        else { _exit(2) }
        outbox.post(.hello, head: HelloMessage(generations: [generation], token: hello.token).wireBytes)
    }

    /// Waits for one frame, which must be of this kind.
    private static func receive(
        _ kind: FrameKind,
        _ decoder: inout FrameDecoder,
        _ descriptor: inout Int32
    ) -> UnsafeRawBufferPointer {
        while true {
            guard let frame = try? decoder.next() else {
                let room = decoder.room()
                var received: Int32 = -1
                let count = prax_receive(Wire.workerDescriptor, room.baseAddress, room.count, &received, 1)
                guard count > 0 else { _exit(2) }
                if received >= 0 { descriptor = received }
                decoder.received(count)
                continue
            }
            guard frame.kind == kind else { _exit(2) }
            return frame.payload
        }
    }

    /// Applies the sandbox, for good and before any of the plugin's code is mapped; false when it may not go on.
    private static func lockUp(_ message: CreateMessage, _ outbox: WorkerOutbox) -> Bool {
        var profile = message.profile
        profile.limitsFilesLater = true
        let result = Sandbox.apply(profile)
        let layers: JSON = ["layers": .array(result.reports.map(\.json))]
        let listener = result.listener ?? -1
        outbox.post(.sandboxed, head: layers.encoded(), descriptor: listener)
        if listener >= 0 { close(listener) }
        guard Sandbox.limitFiles(profile) == nil else { return false }
        let missing = message.mode == .strict ? result.missing(for: .strict) : []
        guard !missing.isEmpty else { return true }
        refuse(.layersMissing(result.reports.filter { missing.contains($0.layer) }), outbox)
        return false
    }

    private static func refuse(_ refusal: Refusal, _ outbox: WorkerOutbox) {
        let answer: JSON = [
            "reason": .string(refusal.reason.rawValue), "message": .string(refusal.message),
            "fix": .string(refusal.fix),
        ]
        outbox.post(.refused, head: answer.encoded())
    }

    private static func leave(_ outbox: WorkerOutbox) -> Never {
        outbox.flush()
        _exit(ExitCode.incompatible.rawValue)
    }
}

extension Refusal {
    fileprivate static func needsInProcess(_ plugin: PluginIdentity) -> Refusal {
        Refusal(
            .isolation,
            "\(plugin.name) \(plugin.version) says that it cannot run in a worker (PRAX_F_NEEDS_INPROC)",
            fix: "If you trust it like the host itself, put it into plugins/local and say so: "
                + "`plugins: { \(plugin.name): { isolation: inproc } }`."
        )
    }
}
