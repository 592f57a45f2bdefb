import Core
import Egress
import Foundation
import Registry

/// Whose signatures this installation believes, and how old its index is.
struct TrustCheck {
    /// Days before the end of an index at which somebody should know.
    private static let warningDays: Int64 = 30

    private let root: InstallationRoot
    private let policy: StorePolicy
    /// Why the installation's own trust cannot be read.
    private let problem: RegistryError?
    private let clock: WallClock

    init(root: InstallationRoot, policy: StorePolicy, clock: WallClock = .system) {
        self.root = root
        self.clock = clock
        do {
            self.policy = try policy.with(TrustFile(root))
            problem = nil
        } catch {
            self.policy = policy
            problem = error as? RegistryError
        }
    }

    func findings() -> [Finding] {
        let damage = problem.map { Finding.bad("trust file", $0.message, fix: $0.hint) }
        return keys() + [damage].compactMap(\.self) + permissions() + policy.entries.map(index)
    }

    private func keys() -> [Finding] {
        let own =
            OfficialStore.key.map { Finding.ok("store key \($0.id)", "the official one, built into this host") }
            ?? .bad("official store key", "this build has none", fix: "use a build of the project")
        return [own] + policy.keys.map { .ok("store key \($0.id)", "trusted by this installation's configuration") }
            + policy.revokedKeys.sorted().map { .ok("store key \($0)", "revoked here: it counts for nothing") }
    }

    private func permissions() -> [Finding] {
        var findings: [Finding] = []
        if policy.allowsUnsigned {
            findings.append(
                .note(
                    "unsigned packages",
                    "they may be installed with --allow-unsigned",
                    fix: "set `store: { allow_unsigned: false }` once none is needed"
                )
            )
        }
        if policy.download.allowsPlainHTTP {
            findings.append(
                .note(
                    "plain HTTP",
                    "stores may be asked without TLS",
                    fix: "set `store: { allow_http: false }` once none needs it"
                )
            )
        }
        return findings
    }

    private func index(_ entry: IndexEntry) -> Finding {
        let refresh = "refresh it: prax-host plugins index update \(entry.name)"
        let subject = entry.name == IndexEntry.defaultName ? "index" : "index \(entry.name)"
        do {
            let source = try IndexSource(entry.address)
            guard let bytes = bytes(of: source) else {
                return .note(subject, "there is no copy of \(source.address.place) here yet", fix: refresh)
            }
            var reader = IndexReader()
            return judge(try reader.read(bytes), entry, source, refresh)
        } catch {
            let problem = error as? RegistryError
            let (detail, fix) = (problem?.message ?? "\(error)", problem?.hint ?? refresh)
            // A build tree comes without the index that an installed host has beside it.
            let isOwn = entry.address == HostLayout.defaultIndex
            return isOwn ? .note(subject, detail, fix: fix) : .bad(subject, detail, fix: fix)
        }
    }

    private func judge(_ index: StoreIndex, _ entry: IndexEntry, _ source: IndexSource, _ refresh: String) -> Finding {
        let subject = entry.name == IndexEntry.defaultName ? "index" : "index \(entry.name)"
        let now = Timestamp(clock)
        let days = index.generated.map { max(0, (now.seconds - $0.seconds) / 86_400) }
        let age = days.map { ", \($0) day\($0 == 1 ? "" : "s") old" } ?? ""
        let detail = "version \(index.version) of \(source.address.place)\(age)"
        let maxAge = (entry.maxAgeDays ?? policy.maxAgeDays).flatMap { days in
            index.generated.map { Timestamp(seconds: $0.seconds + Int64(days) * 86_400) }
        }
        guard let expires = maxAge ?? index.expires else { return .ok(subject, detail + ", without an end") }
        if expires <= now {
            return .bad(subject, "\(detail), expired at \(expires)", fix: "\(refresh), or upgrade the host")
        }
        if expires.seconds - now.seconds < Self.warningDays * 86_400 {
            return .note(subject, "\(detail), expires at \(expires)", fix: refresh)
        }
        return .ok(subject, "\(detail), expires at \(expires)")
    }

    /// The index on this machine, or the copy of one elsewhere; whether it is to be believed is asked when it is used.
    private func bytes(of source: IndexSource) -> [UInt8]? {
        guard source.address.scheme == "file" else {
            let cache = IndexCache(layout: StoreLayout(root), source: source)
            return try? cache.read(source.fileName, maxBytes: IndexReader.maxBytes)
        }
        let path = source.address.path.removingPercentEncoding ?? source.address.path
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
}
