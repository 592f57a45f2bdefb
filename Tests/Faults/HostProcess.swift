import Foundation
import Glibc

/// The host's process and those below it, as /proc shows them.
struct HostProcess: Sendable {
    /// One process, told from a later one of the same number.
    struct Identity: Hashable, Sendable {
        let id: pid_t
        let start: String
    }

    let id: pid_t

    /// All processes below this one.
    var descendants: Set<Identity> {
        let all = Self.all()
        var (found, parents): (Set<Identity>, Set<pid_t>) = ([], [id])
        while !parents.isEmpty {
            let children = all.filter { parents.contains($0.parent) && !found.contains($0.identity) }
            found.formUnion(children.map(\.identity))
            parents = Set(children.map(\.identity.id))
        }
        return found
    }

    var openDescriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd"))?.count ?? 0
    }

    var residentMB: Int { megabytes("VmRSS:") }
    /// The most that was ever resident.
    var peakMB: Int { megabytes("VmHWM:") }

    private func megabytes(_ field: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        return (line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0) >> 10
    }

    /// Those of the processes that still run; a zombie does not.
    static func alive(_ processes: Set<Identity>) -> Set<Identity> {
        processes.filter { process in
            guard let now = read(process.id) else { return false }
            return now.identity == process && now.state != "Z"
        }
    }

    /// All processes in the groups that these lead; one that was orphaned is still in the group it was born in.
    static func inGroups(of leaders: Set<Identity>) -> Set<Identity> {
        let groups = Set(leaders.map(\.id))
        return Set(all().filter { groups.contains($0.group) }.map(\.identity))
    }

    private struct Entry {
        let identity: Identity
        let parent: pid_t
        let group: pid_t
        let state: String
    }

    private static func all() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap(read)
    }

    /// The name, in parentheses, may itself hold spaces and parentheses.
    private static func read(_ id: pid_t) -> Entry? {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let group = pid_t(fields[2]) else { return nil }
        return Entry(
            identity: Identity(id: id, start: String(fields[19])),
            parent: parent,
            group: group,
            state: String(fields[0])
        )
    }
}
