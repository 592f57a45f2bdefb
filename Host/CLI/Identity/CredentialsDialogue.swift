import Access
import Core
import Foundation

/// Asks for the variables that providers need and keeps them in config/.env.
struct CredentialsDialogue {
    let root: InstallationRoot

    private static let variables: [(name: String, prompt: String, fallback: String?)] = [
        ("ANTHROPIC_API_KEY", "Anthropic API key", nil),
        ("GEMINI_API_KEY", "Gemini API key", nil),
        ("OLLAMA_API_URL", "Ollama address", "http://localhost:11434"),
        ("OPENAI_API_KEY", "OpenAI API key", nil),
    ]

    func run() throws {
        let environment = try HostEnvironment(process: [:], file: root.environmentFile)
        for variable in Self.variables {
            let current = environment[variable.name]
            guard let line = Terminal.ask(prompt(variable, current)) else { return }
            let text = line.trimmingCharacters(in: .whitespaces)
            let value = text.isEmpty ? (current == nil ? variable.fallback : nil) : text
            if let value { try HostEnvironment.set(variable.name, to: Secret(value), in: root.environmentFile) }
        }
        try askForMore()
    }

    private func prompt(_ variable: (name: String, prompt: String, fallback: String?), _ current: Secret?) -> String {
        if current != nil { return "\(variable.prompt) (set; leave blank to keep): " }
        if let fallback = variable.fallback {
            return "\(variable.prompt) (or press Enter for default: '\(fallback)'): "
        }
        return "\(variable.prompt) (leave blank for none): "
    }

    private func askForMore() throws {
        while let line = Terminal.ask("Add/update another env variable? (yes/no/done): ") {
            switch line.trimmingCharacters(in: .whitespaces).lowercased() {
            case "yes", "y":
                guard let name = Terminal.ask("Name: "), let value = Terminal.ask("Value: ") else { return }
                let variable = name.trimmingCharacters(in: .whitespaces).uppercased()
                try HostEnvironment.set(variable, to: Secret(value), in: root.environmentFile)
            case "no", "n", "done", "": return
            default: Terminal.say("Answer yes, no or done.")
            }
        }
    }
}
