package import Core
import PraximousJSON

/// What the operator, or the store, decided about one plugin, apart from which version of it is installed.
package struct PluginMarks: Sendable, Hashable {
    /// A disabled plugin stays installed and is not served.
    package var isEnabled = true
    /// `upgrade` leaves a pinned plugin at its version.
    package var isPinned = false
    /// Why an index takes it back for good, and the archive that this is about; it is not served.
    package var revocation: Revocation?

    package struct Revocation: Sendable, Hashable {
        package let archiveDigest: SHA256Digest
        /// The end of a sentence about the package.
        package let reason: String
    }

    package init() {}

    var isDefault: Bool { self == PluginMarks() }
}

/// The marks of all plugins of an installation, one file each.
package struct MarkBook: Sendable {
    private static let maxBytes = 64 << 10

    let layout: StoreLayout

    package init(layout: StoreLayout) { self.layout = layout }

    /// The marks of each plugin that has some.
    ///
    /// A file that cannot be read holds its plugin back: it may have said that it is disabled.
    package func all() throws -> [PluginName: PluginMarks] {
        guard let folder = try Folder.openIfPresent(layout.marksFolder) else { return [:] }
        var all: [PluginName: PluginMarks] = [:]
        for file in try folder.names() where file.hasSuffix(".json") && !file.hasPrefix(".") {
            let parts = file.dropLast(".json".count).split(separator: "__", maxSplits: 1)
            guard parts.count == 2, let name = try? PluginName.parse("\(parts[0])/\(parts[1])") else { continue }
            all[name] = (try? Self.read(file, in: folder)) ?? Self.unreadable
        }
        return all
    }

    package func marks(of name: PluginName) throws -> PluginMarks { try all()[name] ?? PluginMarks() }

    /// Nothing is written when nothing changes; returns whether something did.
    @discardableResult
    package func change(_ name: PluginName, _ change: (inout PluginMarks) -> Void) throws -> Bool {
        let old = try marks(of: name)
        var new = old
        change(&new)
        guard new != old else { return false }
        if new.isDefault {
            try remove(name)
        } else {
            try Folder.make(layout.marksFolder).replaceFile(Self.fileName(name), with: Self.bytes(new))
        }
        return true
    }

    /// As ``change(_:_:)``, when nobody else changes plugins at this moment.
    @discardableResult
    package func changeLocked(_ name: PluginName, _ change: (inout PluginMarks) -> Void) throws -> Bool {
        let lock = try InstallLock.take(layout)
        defer { withExtendedLifetime(lock) {} }
        return try self.change(name, change)
    }

    func remove(_ name: PluginName) throws {
        guard let folder = try Folder.openIfPresent(layout.marksFolder) else { return }
        try folder.removeIfPresent(Self.fileName(name))
        try folder.synchronize()
    }

    private static var unreadable: PluginMarks {
        var marks = PluginMarks()
        marks.isEnabled = false
        return marks
    }

    private static func fileName(_ name: PluginName) -> String { name.folderName + ".json" }

    private static func bytes(_ marks: PluginMarks) -> [UInt8] {
        var json: JSONObject = [
            "format": 1, "enabled": .bool(marks.isEnabled), "pinned": .bool(marks.isPinned),
        ]
        if let revocation = marks.revocation {
            json["revoked"] = [
                "archive_sha256": .string(revocation.archiveDigest.hex), "reason": .string(revocation.reason),
            ]
        }
        return JSON.object(json).encoded() + [0x0a]
    }

    private static func read(_ file: String, in folder: Folder) throws -> PluginMarks? {
        let json = try JSON.parse(folder.openFile(file).readAll(maxBytes: maxBytes))
        guard json["format"]?.intValue == 1, let isEnabled = json["enabled"]?.boolValue,
            let isPinned = json["pinned"]?.boolValue
        else { return nil }
        var marks = PluginMarks()
        (marks.isEnabled, marks.isPinned) = (isEnabled, isPinned)
        if let revoked = json["revoked"] {
            guard let digest = revoked["archive_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)) else {
                return nil
            }
            marks.revocation = .init(archiveDigest: digest, reason: revoked["reason"]?.stringValue ?? "it was revoked")
        }
        return marks
    }
}
