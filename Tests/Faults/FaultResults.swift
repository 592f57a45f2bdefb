import Foundation
import Synchronization
import TestSupport

/// What was observed, as a page: written when the tests end.
///
/// Into the tree with PRAX_WRITE_RESULTS=1, else beside the bundled plugins of the build.
enum FaultResults {
    private struct Key: Hashable {
        let row: String
        let mode: IsolationMode
    }

    private static let observed = Mutex<[Key: String]>([:])
    /// Times as bounds, so that two runs on two machines mostly say the same.
    private static let bounds = [10, 100, 1000, 2000, 5000, 10_000, 20_000]

    static func record(_ row: FaultRow, _ mode: IsolationMode, _ text: String, milliseconds: Int?) {
        let bound = milliseconds.flatMap { value in bounds.first { value <= $0 } }
        let isFirst = observed.withLock { observed in
            observed[Key(row: name(row), mode: mode)] = text + (bound.map { ", ≤ \($0) ms" } ?? "")
            return observed.count == 1
        }
        if isFirst { atexit { FaultResults.write() } }
    }

    private static func name(_ row: FaultRow) -> String { "\(row.number) \(row.fault)" }

    private static func write() {
        let inTree = ProcessInfo.processInfo.environment["PRAX_WRITE_RESULTS"] == "1"
        let path = inTree ? SourceTree.path("Tests/Faults/RESULTS.md") : SourceTree.bundledPlugins + "/../faults.md"
        try? Data(page().utf8).write(to: URL(filePath: path))
    }

    private static func page() -> String {
        let observed = observed.withLock { $0 }
        let modes = IsolationMode.allCases.filter { mode in observed.keys.contains { $0.mode == mode } }
        var lines = [
            "# What became of each fault", "",
            "Written by the tests in this folder: each row is a call that does harm, in a host of its own, in each mode",
            "that the machine offers. In every row but those where the host ends, the host stayed healthy, another",
            "plugin's calls went on without an error, and no process was left behind.", "",
            "| # | fault | " + modes.map(\.rawValue).joined(separator: " | ") + " |",
            "|---|---|" + String(repeating: "---|", count: modes.count),
        ]
        for row in FaultTable.rows {
            let cells = modes.map { mode in
                if let text = observed[Key(row: name(row), mode: mode)] { return text }
                guard case .notTested(let reason) = row.expectations[mode]?.outcome else { return "not run" }
                return "not tested: " + reason
            }
            lines.append("| \(row.number) | \(row.fault) | \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
