import Access
import Core
import Foundation

/// What `serve` says on standard output once it listens: the address, the first key (this once), and commands to try.
struct Banner: Sendable {
    let root: InstallationRoot
    let skills: Int
    /// Whether no model is connected.
    let isBuiltInAlone: Bool
    let started: ContinuousClock.Instant
    /// Where the operator looks.
    let output: FileHandle

    static let builtInNotice =
        "No model is connected: the built-in responder answers; connect a model in config/providers.yaml."

    func show(_ host: String, port: Int?, firstKey: NewKey?) {
        let text = text(host, port: port ?? 0, firstKey: firstKey, elapsed: ContinuousClock.now - started)
        output.write(Data((text + "\n").utf8))
    }

    func text(_ host: String, port: Int, firstKey: NewKey?, elapsed: Duration) -> String {
        let shown = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host
        let url = "http://\(shown.contains(":") ? "[\(shown)]" : shown):\(port)"
        let milliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        var lines = [
            "\(HostVersion.name) \(HostVersion.text) serves \(skills) skills at \(url) (ready in \(milliseconds) ms)",
            "API description: \(url)/docs    installation: \(root.path)",
        ]
        if let firstKey {
            lines += ["", "First admin key, shown this once:", "  export PRAX_KEY=\(firstKey.secret.exposed)"]
        }
        if isBuiltInAlone { lines += ["", Self.builtInNotice] }
        let call = "curl -s \(url)/api/v1/process -H \"X-API-Key: $PRAX_KEY\" -d"
        lines += [
            "",
            "Try, in another terminal:",
            "  \(call) '{\"task_type\":\"echo\",\"prompt\":\"hello\"}'",
            "  \(HostLayout.executable) --root \(root.path) plugins install json_query",
            "  \(call) '{\"task_type\":\"json_query\",\"document\":{\"a\":[1,2,3]},\"path\":\"$.a[*]\"}'",
            "  curl -s \(url)/v1/chat/completions -H \"Authorization: Bearer $PRAX_KEY\" -d "
                + "'{\"model\":\"default_llm_tasks\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'",
        ]
        return lines.joined(separator: "\n")
    }
}
