import Core
import Glibc
import PluginRuntime
import PraximousJSON
import Sandbox

/// Everything a worker must know of its plugin before it loads it.
struct CreateMessage {
    let identity: PluginIdentity
    let kind: Manifest.Kind
    /// Where the library lies, for messages; it is loaded from the descriptor that comes along.
    let path: String
    let config: JSON
    let tables: ServiceTables
    let dataFolder: String?
    let logLevel: String
    let mode: Manifest.IsolationWish.Mode
    let limits: WorkerLimits
    /// Folders whose files the plugin may read besides those of the system.
    let readableFolders: [String]
    /// The host's process, in which the worker ends as well.
    let host: Int32

    var wireBytes: [UInt8] {
        let object: JSON = [
            "name": .string(identity.name), "version": .string(identity.version), "kind": .string(kind.rawValue),
            "path": .string(path), "config": config, "tables": .integer(Int(tables.rawValue)),
            "data_folder": dataFolder.map(JSON.string) ?? .null, "log_level": .string(logLevel),
            "mode": .string(mode.rawValue), "memory_bytes": .integer(limits.memoryBytes),
            "threads": .integer(limits.threads), "open_files": .integer(limits.openFiles),
            "max_file_bytes": .integer(limits.maxFileBytes),
            "readable": .array(readableFolders.map(JSON.string)), "host": .integer(Int(host)),
        ]
        return object.encoded()
    }

    init(
        identity: PluginIdentity,
        kind: Manifest.Kind = .skill,
        path: String,
        config: JSON,
        services: any PluginServices,
        logLevel: String,
        mode: Manifest.IsolationWish.Mode,
        limits: WorkerLimits,
        readableFolders: [String]
    ) {
        self.identity = identity
        self.kind = kind
        self.path = path
        self.config = config
        tables = services.tables
        dataFolder = services.dataFolder
        self.logLevel = logLevel
        self.mode = mode
        self.limits = limits
        self.readableFolders = readableFolders
        host = getpid()
    }

    init(_ payload: UnsafeRawBufferPointer) throws(WireError) {
        guard let object = try? JSON.parse(payload.bindMemory(to: UInt8.self)).objectValue,
            let name = object["name"]?.stringValue, let version = object["version"]?.stringValue,
            let kind = object["kind"]?.stringValue.flatMap(Manifest.Kind.init(rawValue:)),
            let path = object["path"]?.stringValue, let config = object["config"],
            let tables = object["tables"]?.intValue, let logLevel = object["log_level"]?.stringValue,
            let mode = object["mode"]?.stringValue.flatMap(Manifest.IsolationWish.Mode.init(rawValue:)),
            let memoryBytes = object["memory_bytes"]?.intValue, let threads = object["threads"]?.intValue,
            let openFiles = object["open_files"]?.intValue, let maxFileBytes = object["max_file_bytes"]?.intValue
        else { throw WireError("a create message that is not one") }
        identity = PluginIdentity(name: name, version: version)
        self.kind = kind
        self.path = path
        self.config = config
        self.tables = ServiceTables(rawValue: UInt32(truncatingIfNeeded: tables))
        dataFolder = object["data_folder"]?.stringValue
        self.logLevel = logLevel
        self.mode = mode
        limits = WorkerLimits(
            memoryBytes: memoryBytes,
            threads: threads,
            openFiles: openFiles,
            maxFileBytes: maxFileBytes
        )
        host = Int32(truncatingIfNeeded: object["host"]?.intValue ?? 0)
        readableFolders = object["readable"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}

extension CreateMessage {
    /// Memory of the worker's own that the plugin's limit is not to pay for: the threads' stacks above all.
    private static let ownMemoryBytes = 96 << 20

    /// What the worker puts around itself, and by which the host tells what it was refused.
    var profile: SandboxProfile {
        SandboxProfile(
            mode: mode,
            expectedParent: host,
            memoryBytes: limits.memoryBytes + Self.ownMemoryBytes,
            openFiles: limits.openFiles,
            maxFileBytes: limits.maxFileBytes,
            readablePaths: readableFolders,
            writablePaths: dataFolder.map { [$0] } ?? []
        )
    }
}

/// What a worker process may use.
package struct WorkerLimits: Sendable, Hashable {
    /// On top of what the host's own code in the worker needs.
    package var memoryBytes: Int
    package var threads: Int
    package var openFiles: Int
    /// The largest file it may write.
    package var maxFileBytes: Int

    package init(memoryBytes: Int, threads: Int, openFiles: Int, maxFileBytes: Int) {
        self.memoryBytes = memoryBytes
        self.threads = threads
        self.openFiles = openFiles
        self.maxFileBytes = maxFileBytes
    }
}
