import CLinux
import Glibc

/// Decides what a waiting call is told, and what of it is worth a report.
struct DenialJudge: Sendable {
    private let rules: [Int32: [CallRule]]
    private let paths: PathRules
    private let coversTruncation: Bool
    private let view: WorkerView

    /// `rights` is what the worker's Landlock refuses; nil when it has none.
    init(worker: pid_t, profile: SandboxProfile, rights: LandlockRights?) {
        var rules: [Int32: [CallRule]] = [:]
        for rule in CallRules.all(ownProcess: worker, rights: rights) where rule.isReported {
            if let number = CallNumbers.number(of: rule.call) { rules[number, default: []].append(rule) }
        }
        self.rules = rules
        paths = PathRules(profile)
        coversTruncation = rights?.coversTruncation ?? true
        view = WorkerView(worker)
    }

    /// What follows from a call.
    struct Verdict {
        enum Answer {
            /// It takes its course; Landlock decides.
            case pass
            case refuse(Int32)
            /// It gets this file; whoever reads this closes it here.
            case give(file: Int32, closesOnExec: Bool)
        }

        let answer: Answer
        /// To be found out once the call has its answer, since it may take its time.
        let denial: () -> Denial?

        init(_ answer: Answer, denial: @escaping () -> Denial? = { nil }) {
            self.answer = answer
            self.denial = denial
        }
    }

    func judge(_ call: prax_notification) -> Verdict {
        // The filter and this table are made of the same rules, so this is a call of another filter.
        guard let rule = rules[call.call]?.first(where: { $0.applies(to: call.words) }) else {
            return Verdict(.refuse(ENOSYS))
        }
        switch rule.answer {
        case .refuse(let number):
            let target = target(of: rule, call)
            return Verdict(.refuse(number)) { Denial(what: rule.what, call: rule.call, target: target, errno: number) }
        case .look: return look(rule, call)
        }
    }

    private func look(_ rule: CallRule, _ call: prax_notification) -> Verdict {
        let opening = Opening(rule, call, view)
        if !coversTruncation, opening.onlyTruncates {
            let target = target(of: rule, call)
            return Verdict(.refuse(EACCES)) { Denial(what: .write, call: rule.call, target: target, errno: EACCES) }
        }
        let suspects = subjects(of: rule, call).filter { isSuspect($0, writing: opening.isWriting) }
        guard let suspect = suspects.first, !opening.isOnlyAName else { return Verdict(.pass) }
        if opening.isPlainReading {
            let file = OwnFiles.open(suspect, view)
            if file >= 0 { return Verdict(.give(file: file, closesOnExec: opening.closesOnExec)) }
        }
        return Verdict(.pass) {
            for path in suspects where isRefused(path, opening) {
                return Denial(
                    what: opening.isWriting ? .write : .open,
                    call: rule.call,
                    target: String(decoding: path, as: UTF8.self),
                    errno: EACCES
                )
            }
            return nil
        }
    }

    /// The quick look: true when the path is not plainly one of those that are granted.
    private func isSuspect(_ path: [UInt8], writing: Bool) -> Bool {
        let text = String(decoding: path, as: UTF8.self)
        return text.contains("/..") || !paths.allows(text, writing: writing)
    }

    /// The thorough look, at the file system: what is not there is not refused, and a link may lead back inside.
    private func isRefused(_ path: [UInt8], _ opening: Opening) -> Bool {
        var (real, number) = RealPath.of(path)
        if number == ENOENT, opening.mayMake, let slash = path.lastIndex(of: UInt8(ascii: "/")) {
            (real, number) = RealPath.of(slash == path.startIndex ? [UInt8(ascii: "/")] : Array(path[..<slash]))
        }
        guard let real else { return number == EACCES }
        return !paths.allows(real, writing: opening.isWriting)
    }

    private func target(of rule: CallRule, _ call: prax_notification) -> String {
        let arguments = call.words
        switch rule.subject {
        case .none: return ""
        case .process(let index): return "process \(Int32(truncatingIfNeeded: arguments[index]))"
        case .socket: return SocketName.of(arguments[0], arguments[1])
        case .path, .twoPaths:
            return subjects(of: rule, call).first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// The absolute paths that a call names.
    private func subjects(of rule: CallRule, _ call: prax_notification) -> [[UInt8]] {
        let arguments = call.words
        func path(_ index: Int, _ folder: Int?) -> [UInt8]? {
            guard let bytes = view.path(at: arguments[index]), !bytes.isEmpty else { return nil }
            let start = folder.map { Int32(truncatingIfNeeded: arguments[$0]) } ?? AT_FDCWD
            return view.absolute(bytes, from: start, thread: call.thread)
        }
        switch rule.subject {
        case .path(let index, let folder): return [path(index, folder)].compactMap(\.self)
        case .twoPaths(let first, let firstFolder, let second, let secondFolder):
            return [path(first, firstFolder), path(second, secondFolder)].compactMap(\.self)
        case .none, .process, .socket: return []
        }
    }
}

extension prax_notification {
    var words: [UInt64] { [arguments.0, arguments.1, arguments.2, arguments.3, arguments.4, arguments.5] }
}
