import ArgumentParser
import Core

struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give the system another name; the rest of its identity stays."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The new name.")
    var name: String

    func run() throws {
        let path = options.installation.identity
        guard var identity = try Identity.read(path) else {
            throw CommandFailure(
                .notFound,
                "Identity configuration file '\(path)' not found. Cannot rename.",
                hint: "Make one first: prax-host init"
            )
        }
        guard !name.isEmpty else { throw CommandFailure(.usage, "The new name is empty.") }
        let old = identity["system_name"] ?? ""
        identity["system_name"] = name
        try identity.write(path)
        print("System renamed from '\(old)' to '\(name)' in '\(path)'.")
    }
}
