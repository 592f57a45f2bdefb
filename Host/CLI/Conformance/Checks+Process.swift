import Core
import PluginRuntime

extension Check {
    /// What loading, creating and destroying do to the process.
    static let process = [
        Check("load/starts", 1, "The plugin loads, makes an instance and lets it go, as in a host.") { bench in
            try bench.withTrial { _ in }
            return nil
        },
        Check("load/silent", 1, "Nothing is printed while the plugin is loaded, created and destroyed.") { bench in
            let printed = try bench.observe().printed
            guard !printed.isEmpty else { return nil }
            throw CheckFailure("it printed \(printed.quotedForMessage())", fix: "Log through prax.host.log/1.")
        },
        Check("load/constructors", 3, "Constructors start no thread and open no file.") { bench in
            let states = try bench.observe().states
            guard let start = states[.start], let loaded = states[.loaded] else { return nil }
            guard loaded.threads == start.threads else {
                throw CheckFailure(
                    "\(loaded.threads - start.threads) threads were started by constructors",
                    fix: "Start threads in create(), and join them in destroy()."
                )
            }
            // One is the library's own file, which the host keeps open.
            let opened = loaded.descriptors.count - start.descriptors.count - 1
            guard opened > 0 else { return nil }
            throw CheckFailure("\(opened) files were opened by constructors", fix: "Open files in create().")
        },
        Check("entry/constant", 2, "prax_plugin_entry gives the same description each time.") { bench in
            guard try !bench.observe().hasOneDescription else { return nil }
            throw CheckFailure("two calls gave two", fix: "Return the address of one constant.")
        },
        Check("entry/generation", 3, "prax_plugin_entry refuses a host of another generation.") { bench in
            guard try bench.observe().mistakesGenerations else { return nil }
            throw CheckFailure(
                "asked for major \(HostVersion.abiMajor + 1) it gave a description of major \(HostVersion.abiMajor)",
                fix: "return host_major == PRAX_ABI_MAJOR ? &plugin : NULL"
            )
        },
        Check("interface/constant", 2, "get_interface gives the same table each time.") { bench in
            guard try !bench.observe().hasOneInterface else { return nil }
            throw CheckFailure("two calls gave two", fix: "Return the address of one constant.")
        },
        Check("interface/unknown", 3, "get_interface gives NULL for an interface it does not know.") { bench in
            guard try bench.observe().inventsInterfaces else { return nil }
            throw CheckFailure("it gave a table for prax.nothing/1", fix: "Compare the id, and return NULL else.")
        },
        Check("create/time", 3, "create() takes less than a second.") { bench in
            let milliseconds = try bench.observe().createNanoseconds / 1_000_000
            guard milliseconds >= 1000 else { return nil }
            throw CheckFailure("\(milliseconds) ms", fix: "Do the rest at the first call, or on a thread.")
        },
        Check("create/twice", 3, "Two instances live side by side, as during a reload.") { bench in
            guard let isReloadable = try bench.observe().isReloadable else {
                return "the plugin does not set PRAX_F_RELOADABLE"
            }
            if isReloadable { return nil }
            throw CheckFailure("a second create() failed", fix: "Keep state in the instance, or clear the flag.")
        },
        Check(
            "create/again",
            5,
            "Up to a thousand instances come and go without a trace.",
            seconds: 60,
            run: leavesNoTrace
        ),
        Check("destroy/threads", 3, "destroy() joins the threads that create() started.") { bench in
            let states = try bench.observe().states
            guard let before = states[.entered], let after = states[.destroyed], after.threads > before.threads else {
                return nil
            }
            throw CheckFailure("\(after.threads - before.threads) threads are left", fix: "Join them in destroy().")
        },
        Check("destroy/files", 3, "destroy() closes the files that create() opened.") { bench in
            let states = try bench.observe().states
            guard let before = states[.entered], let after = states[.destroyed] else { return nil }
            let left = Set(after.descriptors).subtracting(before.descriptors).count
            guard left > 0 else { return nil }
            throw CheckFailure("\(left) files are still open", fix: "Close them in destroy().")
        },
        untouched("signals", "handlers of signals", \.signals.description),
        untouched("locale", "the locale", \.locale),
        untouched("directory", "the working directory", \.directory),
        untouched("umask", "the umask", \.umask.description),
        untouched("environment", "the environment", \.environment.description),
    ]

    /// One thing of the process that must be after all as it was before.
    private static func untouched(
        _ name: String,
        _ what: String,
        _ value: @escaping @Sendable (ProcessState) -> String
    ) -> Check {
        Check("process/" + name, 2, "The plugin does not change \(what).") { bench in
            let states = try bench.observe().states
            guard let start = states[.start] else { return nil }
            for moment in PluginObservation.Moment.allCases {
                guard let state = states[moment], value(state) != value(start) else { continue }
                throw CheckFailure(
                    "\(what) had changed once it was \(moment.words): \(value(start)) -> \(value(state))",
                    fix: "They belong to the whole process: leave them alone."
                )
            }
            return nil
        }
    }

    private static let cycles = 1000
    /// The host's own objects of an instance, and how the allocator happens to lay out what is freed.
    private static let maxGrowthBytes = 512 << 10

    @Sendable private static func leavesNoTrace(_ bench: CheckBench) throws -> String? {
        let observation = try bench.observe(cycles: cycles)
        let (states, cycles) = (observation.states, max(1, observation.cycles))
        guard let warm = states[.warm], let after = states[.cycled] else { return nil }
        if after.descriptors.count > warm.descriptors.count {
            throw CheckFailure(
                "\(after.descriptors.count - warm.descriptors.count) files are open after \(cycles) instances",
                fix: "Close in destroy() what create() opens."
            )
        }
        if after.threads > warm.threads {
            throw CheckFailure("\(after.threads - warm.threads) threads are left", fix: "Join them in destroy().")
        }
        let growth = after.privateBytes - warm.privateBytes
        guard growth > maxGrowthBytes else { return nil }
        throw CheckFailure(
            "memory grew by \(growth >> 10) KiB over \(cycles) instances, \(growth / cycles) bytes each",
            fix: "Free in destroy() what create() allocates."
        )
    }
}

extension PluginObservation.Moment {
    fileprivate var words: String {
        switch self {
        case .start: "started"
        case .loaded: "loaded"
        case .entered: "asked for its entry"
        case .created: "created"
        case .destroyed, .warm, .cycled: "destroyed"
        }
    }
}
