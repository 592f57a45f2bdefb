extension Manifest {
    package struct Author: Sendable, Hashable {
        package var name: String
        package var email: String?
        package var url: String?

        package init(name: String, email: String? = nil, url: String? = nil) {
            self.name = name
            self.email = email
            self.url = url
        }
    }

    /// The plugin ABI: the major must be the host's, the host's minor must reach `minMinor`.
    package struct ABIRequirement: Sendable, Hashable {
        package var major: UInt32
        package var minMinor: UInt32

        package init(major: UInt32, minMinor: UInt32) {
            self.major = major
            self.minMinor = minMinor
        }
    }

    /// What the machine must offer.
    package struct Requirements: Sendable, Hashable {
        /// Such as `glibc>=2.31`.
        package var libc: String?
        /// Such as `swift-runtime 6.3`.
        package var runtime: [String]

        package init(libc: String? = nil, runtime: [String] = []) {
            self.libc = libc
            self.runtime = runtime
        }
    }

    /// A secret the operator is asked for; its value never stands in a manifest.
    package struct SecretDeclaration: Sendable, Hashable {
        package var name: String
        package var description: String
        package var isRequired: Bool

        package init(name: String, description: String = "", isRequired: Bool = false) {
            self.name = name
            self.description = description
            self.isRequired = isRequired
        }
    }

    /// Another package this one calls.
    package struct Dependency: Sendable, Hashable {
        package var name: PluginName
        package var requirement: VersionRequirement
        package var isOptional: Bool

        package init(name: PluginName, requirement: VersionRequirement, isOptional: Bool = false) {
            self.name = name
            self.requirement = requirement
            self.isOptional = isOptional
        }
    }

    /// An operation the host calls now and then to see whether the plugin still works.
    package struct Health: Sendable, Hashable {
        package var operation: String
        package var interval: Duration

        package init(operation: String, interval: Duration) {
            self.operation = operation
            self.interval = interval
        }
    }

    /// How the plugin would like to run.
    ///
    /// The operator's policy decides, and may only tighten.
    package struct IsolationWish: Sendable, Hashable {
        /// From the loosest to the tightest.
        package enum Mode: String, Sendable, CaseIterable, Comparable {
            case inproc, process, sandbox, strict

            package static func < (left: Mode, right: Mode) -> Bool { left.rank < right.rank }

            private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        }

        /// With whom a worker process may be shared.
        package enum Sharing: String, Sendable, CaseIterable {
            case none, owner
        }

        /// What follows a crash.
        package enum Restart: String, Sendable, CaseIterable {
            case reload, never
        }

        /// nil leaves it to the host: bundled plugins `inproc`, installed ones `sandbox`.
        package var mode: Mode?
        package var share: Sharing
        package var memoryMB: Int?
        package var cpuSecondsPerCall: Int?
        package var threads: Int?
        package var openFiles: Int?
        package var instances: Int
        package var restart: Restart

        package init(
            mode: Mode? = nil,
            share: Sharing = .none,
            memoryMB: Int? = nil,
            cpuSecondsPerCall: Int? = nil,
            threads: Int? = nil,
            openFiles: Int? = nil,
            instances: Int = 1,
            restart: Restart = .reload
        ) {
            self.mode = mode
            self.share = share
            self.memoryMB = memoryMB
            self.cpuSecondsPerCall = cpuSecondsPerCall
            self.threads = threads
            self.openFiles = openFiles
            self.instances = instances
            self.restart = restart
        }
    }
}
