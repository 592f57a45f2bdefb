import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct RegistryKeygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a signing key for a store of your own; prints the public half.",
        discussion: """
            EXAMPLE:
              prax-host registry keygen --out store.key
            """,
        aliases: ["generate"]
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("The file for the secret half; it must not exist.", valueName: "file"))
    var out: String

    func run() throws {
        guard let (key, file) = SigningKey.generate(comment: "Praximous store") else {
            throw CommandFailure(.internalError, "libsodium could not make a key.")
        }
        let descriptor = open(out, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .conflict,
                "\(out) cannot be made: \(String(cString: strerror(errno))).",
                hint: "Choose another name; a key is never overwritten."
            )
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(file.utf8))
        try handle.synchronize()
        if options.json {
            print((["key_id": .string(key.publicKey.id), "ed25519": .string(key.publicKey.base64)] as JSON).text)
        } else {
            Terminal.say(
                "Key \(key.publicKey.id). Its public half, for `store: { keys: [...] }` in config/praximous.yaml:"
            )
            print(key.publicKey.base64)
        }
    }
}
