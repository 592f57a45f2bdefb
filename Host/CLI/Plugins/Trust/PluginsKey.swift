import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Say whose signatures count.",
        discussion: """
            EXAMPLE:
              prax-host plugins key generate --out publisher.key
              prax-host plugins key trust acme.pub --fingerprint 9f3c1a77d2e04b61
            """,
        subcommands: [List.self, Trust.self, Revoke.self, RegistryKeygen.self]
    )
}

extension PluginsKey {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the keys trusted for the default index and for packages from files.",
            aliases: ["ls"]
        )

        @OptionGroup var options: GlobalOptions

        func run() throws {
            let policy = try HostConfiguration.read(options.installation).store
            let trust = try TrustFile(options.installation)
            var rows: [[String]] = []
            func add(_ key: PublicKey, _ origin: String) {
                let state = trust.revokedKeys.contains(key.id) ? "revoked" : "trusted"
                rows.append([key.id, key.base64, origin, state])
            }
            if let official = OfficialStore.key { add(official, "built into this host") }
            policy.keys.forEach { add($0, "praximous.yaml") }
            trust.keys.forEach { add($0, "plugins key trust") }
            let shown = Set(rows.map { $0[0] })
            rows += trust.revokedKeys.sorted().filter { !shown.contains($0) }.map { [$0, "-", "-", "revoked"] }
            guard options.json else {
                return print(TextTable(header: ["KEY ID", "ED25519", "FROM", "STATE"], rows: rows).text)
            }
            let keys = rows.map { row -> JSON in
                ["id": .string(row[0]), "ed25519": .string(row[1]), "from": .string(row[2]), "state": .string(row[3])]
            }
            print((["keys": .array(keys)] as JSON).text)
        }
    }

    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trust a key for the default index and for packages from files.",
            discussion: "The fingerprint is the key's id, told by its owner on another way than the file came."
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The file with the public key.")
        var file: String

        @Option(help: "The key's id: 16 hexadecimal digits.")
        var fingerprint: String

        func run() async throws {
            let key = try LocalFile.publicKey(file)
            guard key.id == fingerprint.lowercased().replacing(":", with: "") else {
                throw CommandFailure(
                    .verificationFailed,
                    "The key in \(file) has the id \(key.id), expected was \(fingerprint.quotedForMessage(limit: 40)).",
                    hint: "Do not trust it before its owner has told you its id."
                )
            }
            try await ChangeJournal.run("plugins.key.trust", [key.id], options, makesInstallation: true) { journal in
                try TrustFile.change(options.installation) { trust in
                    trust.revokedKeys.remove(key.id)
                    if !trust.keys.contains(key) { trust.keys.append(key) }
                }
                try journal.changed(subject: "key:\(key.id)")
            }
            print(options.json ? (["trusted": .string(key.id)] as JSON).text : "Key \(key.id) is trusted.")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a key count for nothing on this host, whatever a store says.",
            discussion: """
                Nothing that it signed is installed any more; what is installed is listed by `plugins audit` and not
                loaded at the next start.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The key's id, as `plugins key list` shows it.")
        var keyID: String

        func run() async throws {
            let id = keyID.lowercased()
            guard id.count == 16, id.allSatisfy(\.isHexDigit) else {
                throw CommandFailure(
                    .usage,
                    "\(keyID.quotedForMessage(limit: 40)) is no key id.",
                    hint: "Expected 16 hexadecimal digits; see `prax-host plugins key list`."
                )
            }
            try await ChangeJournal.run("plugins.key.revoke", [id], options, makesInstallation: true) { journal in
                try TrustFile.change(options.installation) { trust in
                    trust.keys.removeAll { $0.id == id }
                    trust.revokedKeys.insert(id)
                }
                try journal.changed(subject: "key:\(id)")
            }
            print(options.json ? (["revoked": .string(id)] as JSON).text : "Key \(id) counts for nothing from now on.")
        }
    }
}
