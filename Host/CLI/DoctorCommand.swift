import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation; every line that is not ok says what to do."
    )

    @OptionGroup var options: GlobalOptions

    private struct Finding {
        let subject: String
        let problem: String?
    }

    func run() throws {
        let findings = check(options.installation)
        if options.json {
            let list = findings.map { finding -> JSON in
                [
                    "subject": .string(finding.subject), "ok": .bool(finding.problem == nil),
                    "problem": finding.problem.map(JSON.string) ?? .null,
                ]
            }
            print((["findings": .array(list)] as JSON).text)
        } else {
            for finding in findings {
                print(
                    "\(finding.problem == nil ? "ok  " : "BAD ") \(finding.subject)\(finding.problem.map { ": " + $0 } ?? "")"
                )
            }
        }
        guard findings.allSatisfy({ $0.problem == nil }) else {
            throw ArgumentParser.ExitCode(Core.ExitCode.findings.rawValue)
        }
    }

    private func check(_ root: InstallationRoot) -> [Finding] {
        var findings: [Finding] = []
        var configuration = HostConfiguration()
        do {
            configuration = try HostConfiguration.read(root)
            findings.append(Finding(subject: "configuration", problem: nil))
        } catch {
            findings.append(Finding(subject: "configuration", problem: "\(error)"))
        }
        for name in ["data/hash.key", "config/.env"] {
            let mode =
                try? FileManager.default.attributesOfItem(atPath: "\(root.path)/\(name)")[.posixPermissions] as? Int
            guard let mode = mode ?? nil else { continue }
            let problem = mode & 0o077 == 0 ? nil : "others can read it; run chmod 600 \(root.path)/\(name)"
            findings.append(Finding(subject: name, problem: problem))
        }
        let scan = PluginFolders(root: root, configuration: configuration).scan()
        for (path, refusal) in scan.refused { findings.append(Finding(subject: path, problem: "\(refusal)")) }
        let probe = PluginProbe(executable: HostLayout.executable)
        for folder in scan.found {
            let subject = "\(folder.manifest.name) \(folder.manifest.version)"
            do throws(Refusal) {
                try probe.check(folder: folder.path)
                findings.append(Finding(subject: subject, problem: nil))
            } catch {
                findings.append(Finding(subject: subject, problem: "\(error)"))
            }
        }
        return findings
    }
}
