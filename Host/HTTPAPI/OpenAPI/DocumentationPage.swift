import Core
import HTTPTypes
import PraximousJSON

/// The page at /docs: the routes for people, without scripts or anything from elsewhere.
struct DocumentationPage: Sendable {
    let routes: [APIRoute]
    let skills: @Sendable () -> [(taskType: String, capabilities: JSON)]

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Praximous API</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
        code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
        pre { padding: .75rem; overflow-x: auto; border: 1px solid #8886; border-radius: .4rem; }
        h3 { margin: 1.6rem 0 .2rem; } td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
        </style>
        </head>
        <body>
        <h1>Praximous API</h1>
        <p>\(HostVersion.name) \(HostVersion.text). Machine-readable: <a href="/openapi.json">/openapi.json</a>.
        Show your key as <code>X-API-Key</code> or <code>Authorization: Bearer</code>.</p>
        <h2>Routes</h2>
        \(routes.map(section).joined(separator: "\n"))
        <h2>Skills</h2>
        \(skills().map(section).joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private func section(_ route: APIRoute) -> String {
        let rows = route.answers.map { "<tr><td>\($0.status)</td><td>\($0.description.escapedForHTML)</td></tr>" }
        return """
            <h3><code>\(route.method.rawValue) \(route.path.escapedForHTML)</code></h3>
            <p>\(route.summary.escapedForHTML)</p>
            <table>\(rows.joined())</table>
            """
    }

    private func section(_ skill: (taskType: String, capabilities: JSON)) -> String {
        let description = skill.capabilities["description"]?.stringValue ?? ""
        let operations = (skill.capabilities["operations"]?.objectValue ?? JSONObject()).map { operation in
            let example = operation.value["example_request_payload"]?.text ?? "{}"
            let text = operation.value["description"]?.stringValue ?? ""
            return """
                <p><code>\(operation.key.escapedForHTML)</code>: \(text.escapedForHTML)</p>
                <pre>\(example.escapedForHTML)</pre>
                """
        }
        return """
            <h3><code>\(skill.taskType.escapedForHTML)</code></h3>
            <p>\(description.escapedForHTML)</p>
            \(operations.joined(separator: "\n"))
            """
    }
}

extension String {
    /// Text that cannot become markup: manifests come from plugin authors.
    fileprivate var escapedForHTML: String {
        reduce(into: "") { output, character in
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.append(character)
            }
        }
    }
}
