import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("The doctor") struct DoctorTests {
    /// The finding about a subject that begins so.
    private static func finding(_ subject: String, in result: RunningHost.CommandResult) throws -> JSON {
        let findings = try JSON.parse(result.output)["findings"]?.arrayValue ?? []
        return try #require(findings.first { $0["subject"]?.stringValue?.hasPrefix(subject) == true }, "\(findings)")
    }

    @Test("tells somebody without an installation how to get one, and finds nothing bad")
    func nothingThere() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let doctor = try await host.cli(["--root", host.root + "/nowhere", "doctor"])
            #expect(doctor.exitCode == 0, "\(doctor.output)")
            #expect(doctor.output.contains("note installation: there is none at \(host.root)/nowhere; "))
        }
    }

    @Test("knows a running host, and is quick beside it")
    func running() async throws {
        try await SharedHost.with { host in
            let begun = ContinuousClock.now
            let doctor = try await host.cli(["doctor", "--json"])
            #expect(
                ContinuousClock.now - begun < .seconds(10),
                "a few hundred milliseconds on a machine that is not busy"
            )
            #expect(doctor.exitCode == 0, "\(doctor.output)")
            #expect(try Self.finding("host", in: doctor)["detail"]?.stringValue == "one serves \(host.root)")
        }
    }

    @Test("names every layer of the kernel, and what to do about one that is missing")
    func kernel() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let doctor = try JSON.parse(try await host.cli(["doctor", "--json"]).output)
            let layers = doctor["findings"]?.arrayValue?.filter { $0["section"] == "kernel" } ?? []
            #expect(
                layers.compactMap { $0["subject"]?.stringValue } == [
                    "process", "rlimits", "no_new_privs", "landlock", "seccomp", "denials", "namespaces", "cgroup",
                ]
            )
            for layer in layers where layer["state"] != "ok" {
                #expect(layer["fix"]?.stringValue?.isEmpty == false)
            }
        }
    }

    @Test("says of a quarantined plugin why, and how to let it go; it does not run it")
    func quarantined() async throws {
        try await CuriousPlugin.installed(isNosy: true, files: CuriousPlugin.quarantined, isStarted: false) {
            host async throws in
            let doctor = try await host.cli(["doctor", "--json"])
            #expect(doctor.exitCode == 11)
            let finding = try Self.finding("test/curious 1.0.0", in: doctor)
            #expect(finding["state"] == "bad")
            #expect(finding["detail"]?.stringValue?.contains("5 faults within 10 minutes") == true)
            #expect(finding["fix"]?.stringValue?.contains("prax-host plugins restart test/curious") == true)
            // What it would have been denied had it been loaded.
            #expect(!doctor.output.contains("/etc/passwd"))
        }
    }

    @Test("loads a plugin in the sandbox, and says what it was denied")
    func denied() async throws {
        try await CuriousPlugin.installed(isNosy: true, isStarted: false) { host async throws in
            let doctor = try await host.cli(["doctor", "--json"])
            #expect(doctor.exitCode == 0, "\(doctor.output)")
            let finding = try Self.finding("test/curious 1.0.0", in: doctor)
            #expect(finding["state"] == "note")
            #expect(finding["detail"]?.stringValue?.contains("denied open /etc/passwd (openat)") == true)
        }
    }

    @Test(
        "says what the last host left behind",
        arguments: [
            (
                "data/state/loading/test__curious", #"{"plugin":"test/curious","version":"1.0.0"}"#,
                "while it was loading it"
            ),
            ("data/state/blame", "test/curious signal 11\n", "it took the host down: signal 11"),
        ]
    )
    func leftBehind(_ file: String, _ text: String, _ words: String) async throws {
        try await RunningHost.with(files: [file: text], isStarted: false) { host async throws in
            let doctor = try await host.cli(["doctor", "--json"])
            #expect(doctor.exitCode == 11)
            let finding = try Self.finding("test/curious", in: doctor)
            #expect(finding["detail"]?.stringValue?.contains(words) == true)
            #expect(finding["fix"]?.stringValue?.contains("plugins restart test/curious") == true)
        }
    }

    @Test(
        "names the damaged file",
        arguments: ["data/state/quarantine/acme__x.json", "data/state/loading/acme__x"]
    )
    func damaged(_ file: String) async throws {
        try await RunningHost.with(files: [file: "{"], isStarted: false) { host async throws in
            let doctor = try await host.cli(["doctor"])
            #expect(doctor.exitCode == 11)
            #expect(doctor.output.contains("\(host.root)/\(file) is damaged"), "\(doctor.output)")
        }
    }

    @Test("names what is said about a plugin that is not there, and an environment file that others can read")
    func settings() async throws {
        let config = "plugins: { acme/wether: { enabled: true } }\n"
        try await RunningHost.with(config: config, files: ["config/.env": "A=1\n"], isStarted: false) {
            host async throws in
            let path = host.root + "/config/.env"
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let doctor = try await host.cli(["doctor"])
            #expect(doctor.exitCode == 11)
            #expect(doctor.output.contains("BAD  config/.env: others can read it; run chmod 600 \(path)"))
            #expect(doctor.output.contains("note acme/wether: praximous.yaml has a section for it"))
        }
    }

    @Test("finds limits that are too low for a host")
    func lowLimits() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let script = "ulimit -n 128; exec '\(SourceTree.hostExecutable)' --root '\(host.root)' doctor"
            let program = try ChildProgram(["bash", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
            #expect(try await Blocking.run { program.waitForExit() } == 11)
            #expect(
                program.output.wait().contains("BAD  open files: 128 may be open at once; raise it to 1024 or more")
            )
        }
    }
}
