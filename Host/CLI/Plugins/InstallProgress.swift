import Core
import Foundation
import Registry
import Synchronization

/// Says on stderr how far a change is: a bar that is drawn over on a terminal, one line for each phase elsewhere.
final class InstallProgress: Sendable {
    private struct State {
        /// What the bar shows now; nil when the line is free.
        var drawn: ProgressBar?
    }

    private let isSilent: Bool
    private let drawsBar: Bool
    private let state = Mutex(State())

    init(options: GlobalOptions) {
        isSilent = options.quiet
        drawsBar = isatty(STDERR_FILENO) == 1 && !options.noProgress
    }

    func step(_ step: InstallStep, _ name: PluginName?) {
        guard !isSilent, step != .done else { return }
        let subject = step.rawValue + (name.map { " \($0)" } ?? "")
        guard drawsBar else { return Terminal.say(subject) }
        draw(ProgressBar(subject: subject, steps: step.place, of: InstallStep.allCases.count - 1, bytes: nil))
    }

    func advance(_ received: Int, _ expected: Int) {
        guard !isSilent, drawsBar else { return }
        let drawn = state.withLock { $0.drawn }
        guard var bar = drawn else { return }
        bar.bytes = (received, expected)
        draw(bar)
    }

    /// Clears the bar, so that something else can be said.
    func finish() {
        let wasDrawn = state.withLock { state in
            defer { state.drawn = nil }
            return state.drawn != nil
        }
        if wasDrawn { Self.write("\r\u{1b}[K") }
    }

    private func draw(_ bar: ProgressBar) {
        let isNew = state.withLock { state in
            defer { state.drawn = bar }
            return state.drawn?.text != bar.text
        }
        if isNew { Self.write("\r\(bar.text)\u{1b}[K") }
    }

    private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// One line that says how far something is.
struct ProgressBar {
    private static let width = 24

    let subject: String
    let steps: Int
    let of: Int
    /// Received and expected bytes of a download; 0 expected when nobody knows.
    var bytes: (received: Int, expected: Int)?

    var text: String {
        let start = Double(steps) / Double(max(1, of))
        guard let bytes, bytes.expected > 0 else { return "\(Self.bar(start)) \(subject)" }
        let part = min(1, Double(bytes.received) / Double(bytes.expected))
        let percent = Int(part * 100)
        return "\(Self.bar(part)) \(subject) \(percent) % of \(Self.size(bytes.expected))"
    }

    private static func bar(_ part: Double) -> String {
        let filled = Int((part * Double(width)).rounded(.down))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
    }

    private static func size(_ bytes: Int) -> String {
        bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\((bytes + 1023) >> 10) KiB"
    }
}

extension InstallStep {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
