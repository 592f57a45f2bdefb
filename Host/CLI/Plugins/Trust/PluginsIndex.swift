import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsIndex: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Say from which stores packages may come.",
        discussion: """
            An index is believed for the keys or the root it was added with, and for nothing else. A package stays with
            the index it came from.

            EXAMPLE:
              prax-host plugins index add corp https://skills.corp.example/ --root-file corp-root.json
              prax-host plugins install corp:acme/weather
            """,
        subcommands: [List.self, Add.self, Update.self, Remove.self]
    )
}

extension PluginsIndex {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the indexes, without asking the network.",
            aliases: ["ls"]
        )

        @OptionGroup var options: GlobalOptions

        func run() throws {
            let policy = try HostConfiguration.read(options.installation).store.with(TrustFile(options.installation))
            if options.json {
                return print((["indexes": .array(policy.entries.map(\.json))] as JSON).text)
            }
            var table = TextTable(header: ["NAME", "ADDRESS", "TRUST", "MAX AGE"])
            table.rows = policy.entries.map { entry in
                let age = entry.maxAgeDays.map { "\($0) days" } ?? "as it says"
                return [entry.name, entry.address, entry.trust, age]
            }
            print(table.text)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an index under a name, with what it is to be believed for.",
            discussion: """
                --root-file names a root.json that came by a trusted way; --key a key that signs the store's first
                root or, in a store without one, its index. It is read once before it is added.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "What you want to call it: lower-case letters, digits and hyphens.")
        var name: String

        @Argument(help: "The URL or the folder that holds skills.json.")
        var address: String

        @Option(help: ArgumentHelp("The store's root.json.", valueName: "file"))
        var rootFile: String?

        @Option(
            name: [.customLong("key"), .customLong("root-key")],
            help: ArgumentHelp("A public key, in base64 or as a file; may be given several times.", valueName: "key")
        )
        var keys: [String] = []

        @Option(help: "Believe it for so many days after it was made, in place of the end it names.")
        var maxAgeDays: Int?

        @Flag(help: "Add it without reading it first.")
        var noCheck = false

        func run() async throws {
            guard IndexEntry.isName(name) else {
                throw CommandFailure(
                    .usage,
                    "\(name.quotedForMessage()) is no name for an index.",
                    hint: "Take lower-case letters, digits and hyphens, at most 32; not default or http."
                )
            }
            if let maxAgeDays, !IndexEntry.ages.contains(maxAgeDays) {
                throw CommandFailure(.usage, "--max-age-days is 1 to 3650, found \(maxAgeDays).")
            }
            let entry = IndexEntry(name: name, address: address, anchor: try anchor(), maxAgeDays: maxAgeDays)
            try await ChangeJournal.run("plugins.index.add", [name], options, makesInstallation: true) { journal in
                try await add(entry)
                try journal.changed(subject: "index:\(name)")
            }
            print(options.json ? entry.json.text : "\(name) added: \(address), \(entry.trust).")
        }

        private func add(_ entry: IndexEntry) async throws {
            let (installation, layout) = (options.installation, StoreLayout(options.installation))
            // What an index of this name that is gone, or was never added, has left behind.
            try checkFree(TrustFile(installation))
            try IndexClient.forget(name, in: layout)
            if !noCheck {
                let policy = try StoreOptions.operatorPolicy(options)
                _ = try await IndexClient(layout: layout, policy: policy).update(entry)
            }
            try TrustFile.change(installation) { trust in
                try checkFree(trust)
                trust.indexes.append(entry)
            }
        }

        private func checkFree(_ trust: TrustFile) throws {
            guard trust.indexes.contains(where: { $0.name == name }) else { return }
            throw CommandFailure(
                .conflict,
                "There is an index named \(name) already.",
                hint: "Remove it first: prax-host plugins index remove \(name)."
            )
        }

        private func anchor() throws -> TrustAnchor {
            guard rootFile != nil || !keys.isEmpty else {
                throw CommandFailure(
                    .usage,
                    "Nothing says what this index is to be believed for.",
                    hint: "Give --root-file FILE with its root.json, or --key with a key of its operator."
                )
            }
            let file = try rootFile.map { try TrustRoot(LocalFile.read($0, maxBytes: TrustRoot.maxBytes)) }
            return TrustAnchor(keys: try keys.map(LocalFile.publicKey), root: file)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read indexes anew and keep a copy of them.")

        @OptionGroup var options: GlobalOptions

        @Argument(help: "Only this one.")
        var name: String?

        func run() async throws {
            let policy = try StoreOptions.operatorPolicy(options)
            let entries = policy.entries.filter { name == nil || $0.name == name }
            guard !entries.isEmpty else { throw CommandFailure.noIndex(name ?? "") }
            let client = IndexClient(layout: StoreLayout(options.installation), policy: policy)
            var loaded: [LoadedIndex] = []
            for entry in entries {
                let index = try await client.update(entry)
                loaded.append(index)
                guard !options.json else { continue }
                index.warnings.forEach(Terminal.say)
                let date = index.index.generated.map { " of \($0)" } ?? ""
                print("\(index.name): version \(index.index.version)\(date), \(index.index.packages.count) packages.")
            }
            if options.json { print((["indexes": .array(loaded.map(\.json))] as JSON).text) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget an index; what came from it stays installed.")

        @OptionGroup var options: GlobalOptions

        @Argument(help: "Its name.")
        var name: String

        func run() async throws {
            try await ChangeJournal.run("plugins.index.remove", [name], options) { journal in
                try TrustFile.change(options.installation) { trust in
                    guard trust.indexes.contains(where: { $0.name == name }) else { throw CommandFailure.noIndex(name) }
                    trust.indexes.removeAll { $0.name == name }
                }
                try IndexClient.forget(name, in: StoreLayout(options.installation))
                try journal.changed(subject: "index:\(name)")
            }
            print(options.json ? (["removed": .string(name)] as JSON).text : "\(name) removed.")
        }
    }
}

extension CommandFailure {
    static func noIndex(_ name: String) -> CommandFailure {
        CommandFailure(
            .notFound,
            "There is no index named \(name.quotedForMessage()).",
            hint: "See which there are with `prax-host plugins index list`; the default one stands in praximous.yaml."
        )
    }
}

extension IndexEntry {
    /// What it is believed for, in words.
    var trust: String {
        if let root = anchor.root { return "root \(root.version), \(root.root.threshold) of \(root.root.keys.count)" }
        return "key " + anchor.keys.map(\.id).joined(separator: ", ")
    }

    var json: JSON {
        [
            "name": .string(name), "address": .string(address),
            "keys": .array(anchor.keys.map { .string($0.id) }),
            "root": anchor.root.map { .integer($0.version) } ?? .null,
            "max_age_days": maxAgeDays.map(JSON.integer) ?? .null,
        ]
    }
}
