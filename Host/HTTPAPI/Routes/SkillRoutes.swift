import Core
import Foundation
import HTTPTypes
import Hummingbird
import PluginRuntime
import PraximousJSON

/// `GET /api/v1/skills` and `GET /api/v1/skills/{name}/capabilities`.
struct SkillRoutes: Sendable {
    let skills: SkillTable

    var routes: [APIRoute] {
        [
            APIRoute(
                method: .get,
                path: "/api/v1/skills",
                id: "listSkills",
                summary: "Every skill this host serves, by task type.",
                protection: .scope(.skillsRead),
                answers: [
                    .init(
                        status: 200,
                        description: "Capabilities by task type.",
                        schema: [
                            "type": "object",
                            "additionalProperties": ["$ref": "#/components/schemas/Capabilities"],
                        ]
                    )
                ],
                handler: { _, _ in list() }
            ),
            APIRoute(
                method: .get,
                path: "/api/v1/skills/{name}/capabilities",
                id: "showSkill",
                summary: "What one skill can do.",
                protection: .scope(.skillsRead),
                answers: [
                    .init(
                        status: 200,
                        description: "Its operations with their parameters.",
                        schema: ["$ref": "#/components/schemas/Capabilities"]
                    ),
                    .error(404, "No skill of that name."),
                ],
                handler: { _, context in try show(context) }
            ),
        ]
    }

    private func list() -> Response {
        var object = JSONObject()
        for skill in skills.all { object[skill.taskType] = skill.capabilities }
        return Response(json: .object(object))
    }

    private func show(_ context: APIContext) throws -> Response {
        let segment = context.parameters.get("name") ?? ""
        let name = segment.removingPercentEncoding ?? segment
        guard let skill = skills[name] else {
            throw Failure(
                .notFound,
                code: "unknown_skill",
                message: "Skill '\(name.prefix(128))' not found.",
                hint: "GET /api/v1/skills lists what this host serves."
            )
        }
        return Response(json: skill.capabilities)
    }
}
