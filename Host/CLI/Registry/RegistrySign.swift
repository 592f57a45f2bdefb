import ArgumentParser
import PraximousJSON
import Registry

struct RegistrySign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign an index that was edited by hand, say to take a version back.",
        discussion: """
            EXAMPLE:
              prax-host registry sign skills.json --key store.key
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The index.")
    var index: String

    @Option(help: ArgumentHelp("The signing key.", valueName: "file"))
    var key: String

    func run() throws {
        let key = try SigningKey.read(key)
        let signature = try StoreBuilder.sign(index, with: key)
        if options.json {
            print((["signature": .string(signature), "key_id": .string(key.publicKey.id)] as JSON).text)
        } else {
            print("\(signature) written, key \(key.publicKey.id)")
        }
    }
}
