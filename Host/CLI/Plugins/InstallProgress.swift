import Core
import Foundation
import Registry
import Synchronization

/// Says on stderr how far an installation is: a line that changes on a terminal, one line per phase elsewhere.
final class InstallProgress: Sendable {
    private let isSilent: Bool
    private let isTerminal: Bool
    private let shownPercent = Mutex(-1)

    init(options: GlobalOptions) {
        isSilent = options.quiet
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    func step(_ step: InstallStep, _ name: PluginName?) {
        guard !isSilent, step != .done else { return }
        shownPercent.withLock { $0 = -1 }
        Terminal.say(step.rawValue + (name.map { " \($0)" } ?? ""))
    }

    func advance(_ received: Int, _ expected: Int) {
        guard !isSilent, isTerminal, expected > 0 else { return }
        let percent = min(100, received * 100 / expected)
        let isNew = shownPercent.withLock { shown in
            defer { shown = percent }
            return shown != percent
        }
        guard isNew else { return }
        FileHandle.standardError.write(Data("\r  \(percent) %\(percent == 100 ? "\n" : "")".utf8))
    }
}
