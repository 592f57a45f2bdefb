import PraximousJSON
import TestSupport

/// The ways a plugin can run, from the loosest to the tightest.
enum IsolationMode: String, CaseIterable, Sendable {
    case inproc, process, sandbox, strict

    var isWorker: Bool { self != .inproc }

    /// The modes this machine can offer, in which the rows are run.
    static let available: [IsolationMode] = allCases.filter { $0 != .strict || missingLayers.isEmpty }

    /// The layers of protection that the doctor does not find in this kernel; `strict` needs them all.
    static let missingLayers: [String] = findings.filter { $0["section"] == "kernel" && $0["state"] != "ok" }
        .compactMap { $0["subject"]?.stringValue }

    private static let findings: [JSON] = {
        let doctor = try? ChildProgram(
            [SourceTree.hostExecutable, "doctor", "--json"],
            environment: ["PATH": "/usr/bin:/bin", "PRAX_BUNDLED_PLUGINS": SourceTree.bundledPlugins]
        )
        // Exit code 11 says that something is bad, which is no matter here.
        guard let doctor, doctor.waitForExit() != nil else { return [] }
        return (try? JSON.parse(doctor.output.wait()))?["findings"]?.arrayValue ?? []
    }()
}
