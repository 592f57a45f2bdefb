import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct RegistryRoot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root",
        abstract: "Make and change the keys that speak for a store.",
        discussion: """
            A root says which keys sign what, and how many of them must. A new one counts once enough keys of the old
            root and of its own have signed it, each where its key lies: `root sign` adds one signature after the other.

            EXAMPLE:
              prax-host registry root init store/skills.json --root-key a.pub --root-key b.pub --root-key c.pub \\
                --threshold 2 --index-key ci.pub --timestamp-key clock.pub --key a.key
              prax-host registry root sign store/skills.json --key b.key
            """,
        subcommands: [Initial.self, Rotate.self, Sign.self, Show.self]
    )

    /// Which keys are to have which role.
    struct Roles: ParsableArguments {
        @Option(help: ArgumentHelp("A public key that may sign the next root; several.", valueName: "key"))
        var rootKey: [String] = []

        @Option(help: "So many root keys must sign.")
        var threshold: Int?

        @Option(help: ArgumentHelp("A public key that may sign the index; several.", valueName: "key"))
        var indexKey: [String] = []

        @Option(help: "So many index keys must sign.")
        var indexThreshold: Int?

        @Option(help: ArgumentHelp("A public key that may sign the timestamp; several.", valueName: "key"))
        var timestampKey: [String] = []

        @Option(help: "When the root expires, such as 2027-11-22 (default: in a year).")
        var expires: String?

        /// The root with these roles; what is not said stays as it is in `old`.
        func root(after old: TrustRoot?) throws -> TrustRoot {
            let end = try RegistryBuild.time(expires, "--expires")
            let now = SourceDate.time ?? Timestamp(.system)
            return TrustRoot(
                version: (old?.version ?? 0) + 1,
                expires: end ?? Timestamp(seconds: now.seconds + 365 * 86_400),
                root: try Self.role(rootKey, threshold, old?.root, "--root-key"),
                timestamp: try Self.role(timestampKey, nil, old?.timestamp, "--timestamp-key"),
                index: try Self.role(indexKey, indexThreshold, old?.index, "--index-key")
            )
        }

        private static func role(
            _ texts: [String],
            _ threshold: Int?,
            _ old: TrustRoot.Role?,
            _ option: String
        ) throws -> TrustRoot.Role {
            let keys = try texts.isEmpty ? old?.keys ?? [] : texts.map(LocalFile.publicKey)
            let count = threshold ?? old?.threshold ?? 1
            guard Set(keys).count == keys.count, count > 0, count <= keys.count else {
                throw CommandFailure(
                    .usage,
                    "\(option) gives \(Set(keys).count) keys of which \(count) must sign.",
                    hint: "Name each key once, and as many as must sign."
                )
            }
            return TrustRoot.Role(keys: keys, threshold: count)
        }
    }

    struct Initial: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "init", abstract: "Make a store's first root.")

        @OptionGroup var options: GlobalOptions
        @OptionGroup var roles: Roles

        @Argument(help: "The store's index.")
        var index: String

        @Option(name: .customLong("key"), help: ArgumentHelp("A root's secret key; several.", valueName: "file"))
        var keys: [String] = []

        func run() throws {
            let trust = StoreTrust(index: index)
            guard try trust.root() == nil else {
                throw CommandFailure(
                    .conflict,
                    "The store has a root already.",
                    hint: "Change it with `prax-host registry root rotate`."
                )
            }
            let root = try roles.root(after: nil)
            tell(root.version, try trust.propose(root, signing: keys.map(SigningKey.read)), options)
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Propose the next root; roles not named stay.")

        @OptionGroup var options: GlobalOptions
        @OptionGroup var roles: Roles

        @Argument(help: "The store's index.")
        var index: String

        @Option(name: .customLong("key"), help: ArgumentHelp("A root's secret key; several.", valueName: "file"))
        var keys: [String] = []

        func run() throws {
            let trust = StoreTrust(index: index)
            guard let old = try trust.root() else {
                throw CommandFailure(.notFound, "The store has no root.", hint: "Begin with `registry root init`.")
            }
            let root = try roles.root(after: old)
            tell(root.version, try trust.propose(root, signing: keys.map(SigningKey.read)), options)
        }
    }

    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a signature to the root that waits for it.")

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The store's index.")
        var index: String

        @Option(name: .customLong("key"), help: ArgumentHelp("A root's secret key; several.", valueName: "file"))
        var keys: [String]

        func run() throws {
            let trust = StoreTrust(index: index)
            let missing = try trust.sign(with: keys.map(SigningKey.read))
            tell(try trust.root()?.version ?? 0, missing, options)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the store's newest root.")

        @Argument(help: "The store's index.")
        var index: String

        func run() throws {
            guard let root = try StoreTrust(index: index).root() else {
                throw CommandFailure(.notFound, "The store has no root.", hint: "Begin with `registry root init`.")
            }
            print(String(decoding: root.encoded(), as: UTF8.self), terminator: "")
        }
    }
}

/// Says whether a root counts now.
private func tell(_ version: Int, _ missing: [String], _ options: GlobalOptions) {
    if options.json {
        return print((["version": .integer(version), "missing": .array(missing.map(JSON.string))] as JSON).text)
    }
    guard missing.isEmpty else {
        return print("Signed; it counts once it has \(missing.joined(separator: " and ")): registry root sign.")
    }
    print("Root \(version) is the store's. Sign index and timestamp again if their keys have changed.")
}
