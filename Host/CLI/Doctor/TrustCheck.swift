import Core
import Egress
import Foundation
import Registry

/// Whose signatures this installation believes, and how old its index is.
struct TrustCheck {
    /// Days before the end of an index at which somebody should know.
    private static let warningDays: Int64 = 30

    let root: InstallationRoot
    let policy: StorePolicy
    var clock = WallClock.system

    func findings() -> [Finding] { keys() + permissions() + [index()] }

    private func keys() -> [Finding] {
        let own =
            OfficialStore.key.map { Finding.ok("store key \($0.id)", "the official one, built into this host") }
            ?? .bad("official store key", "this build has none", fix: "use a build of the project")
        return [own] + policy.keys.map { .ok("store key \($0.id)", "trusted by `store: keys:` in praximous.yaml") }
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

    private func index() -> Finding {
        let refresh = "refresh it: prax-host plugins search"
        do {
            let source = try IndexSource(policy.index)
            guard let bytes = bytes(of: source) else {
                return .note("index", "there is no copy of \(source.address.place) here yet", fix: refresh)
            }
            var reader = IndexReader()
            return judge(try reader.read(bytes), source, refresh)
        } catch {
            let problem = error as? RegistryError
            let (detail, fix) = (problem?.message ?? "\(error)", problem?.hint ?? refresh)
            // A build tree comes without the index that an installed host has beside it.
            let isOwn = policy.index == HostLayout.defaultIndex
            return isOwn ? .note("index", detail, fix: fix) : .bad("index", detail, fix: fix)
        }
    }

    private func judge(_ index: StoreIndex, _ source: IndexSource, _ refresh: String) -> Finding {
        let now = Timestamp(clock)
        let days = index.generated.map { max(0, (now.seconds - $0.seconds) / 86_400) }
        let age = days.map { ", \($0) day\($0 == 1 ? "" : "s") old" } ?? ""
        let detail = "version \(index.version) of \(source.address.place)\(age)"
        guard let expires = index.expires else { return .ok("index", detail + ", without an end") }
        if expires <= now {
            return .bad("index", "\(detail), expired at \(expires)", fix: "\(refresh), or upgrade the host")
        }
        if expires.seconds - now.seconds < Self.warningDays * 86_400 {
            return .note("index", "\(detail), expires at \(expires)", fix: refresh)
        }
        return .ok("index", "\(detail), expires at \(expires)")
    }

    /// The index on this machine, or the copy of one elsewhere; whether its signature is right is asked when it is used.
    private func bytes(of source: IndexSource) -> [UInt8]? {
        let name = "index-" + SHA256Digest(of: Array(source.address.text.utf8)).hex.prefix(12) + ".json"
        let path =
            source.address.scheme == "file"
            ? source.address.path.removingPercentEncoding ?? source.address.path
            : StoreLayout(root).cacheFolder + "/" + name
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
}
