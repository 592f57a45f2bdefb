import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completions of a shell.",
        discussion: """
            EXAMPLE:
              prax-host completion bash > /etc/bash_completion.d/prax-host
              prax-host completion zsh > ~/.zfunc/_prax-host
              prax-host completion fish > ~/.config/fish/completions/prax-host.fish
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var completed: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    /// Every command takes them.
    @OptionGroup var options: GlobalOptions

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() { print(PraxHost.completionScript(for: shell.completed)) }
}
