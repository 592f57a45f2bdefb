/// Where the host's own control groups are, as /proc/self/mountinfo and /proc/self/cgroup tell.
struct ControlGroupMounts: Hashable, Sendable {
    /// The host's group in version 2, nil when that is not mounted.
    let unified: String?
    /// Its groups in version 1, by controller.
    let byController: [String: String]

    /// `mountinfo` and `groups` are the texts of the two files.
    init(mountinfo: String, groups: String) {
        let own = Self.ownGroups(groups)
        var unified: String?
        var byController: [String: String] = [:]
        for line in mountinfo.split(separator: "\n") {
            guard let mount = Mount(line) else { continue }
            if mount.type == "cgroup2" {
                unified = unified ?? own[""].map { mount.folder(of: $0) }
                continue
            }
            for controller in mount.options where byController[controller] == nil {
                byController[controller] = own[controller].map { mount.folder(of: $0) }
            }
        }
        self.unified = unified
        self.byController = byController
    }

    /// Controller to path; the empty name is version 2's.
    private static func ownGroups(_ text: String) -> [String: String] {
        var groups: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(controller)] = String(parts[2])
            }
        }
        return groups
    }

    private struct Mount {
        let root: String
        let point: String
        let type: String
        let options: [String]

        /// `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELDS] - TYPE SOURCE OPTIONS`.
        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
            type = String(fields[dash + 1])
            guard type == "cgroup" || type == "cgroup2" else { return nil }
            root = String(fields[3])
            point = String(fields[4])
            options = fields[dash + 3].split(separator: ",").map { String($0) }
        }

        /// A container sees only the part of the tree that is mounted.
        func folder(of group: String) -> String {
            if root != "/", group == root { return point }
            if root != "/", group.hasPrefix(root + "/") { return point + group.dropFirst(root.count) }
            return group == "/" || root != "/" ? point : point + group
        }
    }
}
