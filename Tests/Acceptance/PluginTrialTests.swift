import PraximousJSON
import TestSupport
import Testing

@Suite("plugins test and plugins call") struct PluginTrialTests {
    @Test("test loads a plugin in each isolation and says in which", arguments: ["inproc", "process", "sandbox"])
    func loads(_ mode: String) async throws {
        let folder = try CuriousPlugin.folder()
        try await RunningHost.with(isStarted: false) { host async throws in
            let test = try await host.cli([
                "plugins", "test", folder, "--isolation", mode, "--level", "1", "--only-failed",
            ])
            #expect(test.exitCode == 0, "\(test.errors)")
            #expect(test.output == "test/curious 1.0.0: ok, as \(mode)\n")
        }
    }

    @Test("test shows what the plugin was denied while it was being loaded")
    func denials() async throws {
        let folder = try CuriousPlugin.folder(isNosy: true)
        try await RunningHost.with(isStarted: false) { host async throws in
            let test = try await host.cli(["plugins", "test", folder, "--level", "1", "--only-failed"])
            #expect(test.exitCode == 0)
            #expect(test.output == "test/curious 1.0.0: ok, as sandbox\ndenied: open /etc/passwd (openat)\n")
            let json = try JSON.parse(try await host.cli(["plugins", "test", folder, "--level", "1", "--json"]).output)
            #expect(json["isolation"]?["mode"] == "sandbox")
            #expect(
                json["denied"] == [["what": "open", "call": "openat", "target": "/etc/passwd", "errno": 13]]
            )
        }
    }

    @Test("test warns of what the plugin changed of the whole host, where it is to run inside")
    func untidy() async throws {
        let folder = try CuriousPlugin.folder(variant: "untidy")
        try await RunningHost.with(isStarted: false) { host async throws in
            let test = try await host.cli(["plugins", "test", folder, "--isolation", "inproc", "--level", "1"])
            #expect(test.exitCode == 0)
            for what in ["working folder", "umask", "locale", "environment's TZ"] {
                #expect(test.errors.contains("It changed the \(what), which is the whole host's.\n"), "\(test.errors)")
            }
            let worker = try await host.cli([
                "plugins", "test", folder, "--isolation", "process", "--level", "1", "--json",
            ])
            #expect(try JSON.parse(worker.output)["changed"] == [])
        }
    }

    @Test("call runs in the sandbox and shows what was denied on standard error")
    func call() async throws {
        let folder = try CuriousPlugin.folder()
        try await RunningHost.with(isStarted: false) { host async throws in
            let locked = try await host.cli(["plugins", "call", folder, "look"])
            #expect(locked.output == "{\"read\":false}\n")
            #expect(locked.errors == "denied: open /etc/passwd (openat)\n")
            let free = try await host.cli(["plugins", "call", folder, "look", "--isolation", "inproc"])
            #expect(free.output == "{\"read\":true}\n")
        }
    }

    @Test("call of a plugin that crashes says so and outlives it")
    func crash() async throws {
        let folder = try CuriousPlugin.folder()
        try await RunningHost.with(isStarted: false) { host async throws in
            let call = try await host.cli(["plugins", "call", folder, "crash"])
            #expect(call.exitCode == 1)
            #expect(call.errors.contains("The plugin test/curious 1.0.0 crashed with signal 11."))
        }
    }
}
