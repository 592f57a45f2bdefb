import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct PluginsSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a package; the same as if it had been packed with that key.",
        discussion: """
            EXAMPLE:
              prax-host plugins sign my-skill-1.0.0-linux-x86_64.tar.gz --key publisher.key
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The package.")
    var package: String

    @Option(help: ArgumentHelp("The signing key.", valueName: "file"))
    var key: String

    @Option(name: .shortAndLong, help: "The file to write (default: the package itself).")
    var output: String?

    func run() throws {
        let key = try SigningKey.read(key)
        let scratch = try UnpackFolder()
        let packed = try PackedPackage(package, unpackedInto: scratch.path)
        if packed.isSigned, !options.quiet {
            Terminal.say("The signature it had, by key \(packed.list.keyID ?? "unknown"), is replaced.")
        }
        let signed = try packed.signed(with: key, from: scratch.path, to: output ?? package)
        if options.json {
            let json: JSON = [
                "path": .string(signed.path), "sha256": .string(signed.digest.hex),
                "key_id": .string(key.publicKey.id),
            ]
            print(json.text)
        } else {
            print("\(signed.path)  \(signed.size) bytes  sha256:\(signed.digest.hex)  key \(key.publicKey.id)")
        }
    }
}

/// An empty folder to unpack a package into; goes with this object.
final class UnpackFolder {
    let path: String

    init() throws {
        guard let path = ScratchFolder(isWanted: true).path else {
            throw CommandFailure(
                .internalError,
                "No folder can be made in \(NSTemporaryDirectory()).",
                hint: "Name another one in TMPDIR."
            )
        }
        self.path = path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
