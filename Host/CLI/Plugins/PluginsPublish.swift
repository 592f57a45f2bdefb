import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct PluginsPublish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Add signed packages to a static store; shows the difference, and with --write makes it.",
        discussion: """
            The store is a folder with skills.json and, below registry/, the packages and the signature: what a web server
            or a shared folder serves. A version that is there is never changed; all its platforms come at once.

            EXAMPLE:
              prax-host plugins publish my-skill-1.0.0-linux-x86_64.tar.gz --index-dir ./store
              prax-host plugins publish my-skill-*.tar.gz --index-dir ./store --key store.key --write
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The packages.")
    var packages: [String]

    @Option(help: ArgumentHelp("The store's folder; a new one is begun.", valueName: "dir"))
    var indexDir: String

    @Option(help: ArgumentHelp("The key that signs the index.", valueName: "file"))
    var key: String?

    @Option(help: "The public key (base64) of a publisher whom the index does not know (default: that of --key).")
    var publisherKey: String?

    @Option(help: "When the index expires (default: in a year).")
    var expires: String?

    @Flag(help: "Make the change (so does --yes).")
    var write = false

    func run() throws {
        let key = try key.map { try SigningKey.read($0) }
        let now = SourceDate.time ?? Timestamp(.system)
        let scratch = try packages.map { _ in try UnpackFolder() }
        let packed = try zip(packages, scratch).map { try PackedPackage(Self.absolute($0), unpackedInto: $1.path) }
        let publication = try Publication(
            packed,
            into: Self.absolute(indexDir),
            publisherKeys: try publisherKeys(key),
            now: now,
            expires: try end(now)
        )
        let mayWrite = write || options.yes
        let notes = publication.isChange && mayWrite ? try publication.write(signing: key) : []
        if !options.quiet { notes.forEach(Terminal.say) }
        if options.json {
            print(json(publication, isWritten: publication.isChange && mayWrite).text)
        } else {
            show(publication, mayWrite, isSigned: key != nil)
        }
    }

    private func show(_ publication: Publication, _ mayWrite: Bool, isSigned: Bool) {
        guard publication.isChange else { return print("Nothing to do: the index has it.") }
        publication.difference.forEach { print($0) }
        guard mayWrite else { return Terminal.say("Nothing was written; --write makes this change.") }
        Terminal.say("\(publication.indexPath) is written\(isSigned ? " and signed" : "").")
        guard !isSigned else { return }
        Terminal.say("Its signature no longer fits: prax-host registry sign \(publication.indexPath) --key FILE")
    }

    private func json(_ publication: Publication, isWritten: Bool) -> JSON {
        [
            "index": .string(publication.indexPath), "changed": .bool(publication.isChange),
            "written": .bool(isWritten),
            "packages": .array(publication.packages.map { .string($0.title) }),
            "difference": .array(publication.isChange ? publication.difference.map(JSON.string) : []),
        ]
    }

    private func publisherKeys(_ key: SigningKey?) throws -> [PublicKey] {
        guard let publisherKey else { return key.map { [$0.publicKey] } ?? [] }
        guard let known = PublicKey(text: publisherKey) else {
            throw CommandFailure(
                .usage,
                "--publisher-key \(publisherKey.quotedForMessage()) is no public key.",
                hint: "Expected the base64 of 32 bytes, as `prax-host registry keygen` prints it."
            )
        }
        return [known]
    }

    private func end(_ now: Timestamp) throws -> Timestamp {
        guard let expires else { return Timestamp(seconds: now.seconds + 365 * 86_400) }
        guard let time = Timestamp(expires) else {
            throw CommandFailure(
                .usage,
                "--expires \(expires.quotedForMessage()) is no time.",
                hint: "Expected 2027-11-22T19:00:00Z or 2027-11-22."
            )
        }
        return time
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
