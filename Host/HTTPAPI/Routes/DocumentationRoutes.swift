import HTTPTypes
import Hummingbird
import NIOCore
import PluginRuntime
import PraximousJSON

/// `GET /openapi.json` and `GET /docs`.
struct DocumentationRoutes: Sendable {
    let skills: SkillTable
    let routes: [APIRoute]

    /// All routes, these two among them, which describe themselves as well.
    var all: [APIRoute] {
        let described = routes + own(document: nil, page: nil)
        return routes + own(document: OpenAPIDocument(routes: described), page: page(described))
    }

    private func page(_ routes: [APIRoute]) -> DocumentationPage {
        DocumentationPage(routes: routes) { [skills] in
            skills.all.map { ($0.taskType, $0.capabilities) }
        }
    }

    private func own(document: OpenAPIDocument?, page: DocumentationPage?) -> [APIRoute] {
        [
            APIRoute(
                method: .get,
                path: "/openapi.json",
                id: "openAPI",
                summary: "This API, described in OpenAPI 3.1.",
                protection: .documentation,
                answers: [.init(status: 200, description: "The description.", schema: ["type": "object"])],
                handler: { _, _ in Response(json: document?.json ?? .null) }
            ),
            APIRoute(
                method: .get,
                path: "/docs",
                id: "documentation",
                summary: "This API, described for people.",
                protection: .documentation,
                answers: [
                    .init(status: 200, description: "A page.", schema: ["type": "string"], mediaType: "text/html")
                ],
                handler: { _, _ in Response(html: page?.html ?? "") }
            ),
        ]
    }
}

extension Response {
    fileprivate init(html: String) {
        self.init(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }
}
