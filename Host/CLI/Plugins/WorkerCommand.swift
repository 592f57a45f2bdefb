import ArgumentParser

/// What the host starts for each plugin that runs outside of it.
///
/// Hidden, and never parsed: `PraxHost.main` takes the word up before anything else is set up in the process. It stands
/// in the tree so that no other command gets the name.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Serve one plugin for a host that is on descriptor 3.",
        shouldDisplay: false
    )
}
