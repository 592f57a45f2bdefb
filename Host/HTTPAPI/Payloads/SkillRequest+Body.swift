import Core
import Gateway
import PraximousJSON

extension SkillRequest {
    /// Reads the body of `/api/v1/process`.
    ///
    /// Throws ``Failure`` `invalid_request` naming every field that is wrong.
    init(body: JSON) throws(Failure) {
        guard case .object(var members) = body else {
            throw Failure(
                .unprocessable,
                code: "invalid_request",
                message: "The body must be a JSON object, found \(body.typeName).",
                details: [
                    "fields": [["type": "model_attributes_type", "loc": ["body"], "msg": "Input should be an object"]]
                ]
            )
        }
        var problems: [JSON] = []
        if members["task_type"] == nil {
            problems.append(["type": "missing", "loc": ["body", "task_type"], "msg": "Field required"])
        }
        for name in ["task_type", "prompt"] {
            if let value = members[name], value.stringValue == nil {
                let location: JSON = ["body", .string(name)]
                problems.append(["type": "string_type", "loc": location, "msg": "Input should be a valid string"])
            }
        }
        guard problems.isEmpty, let taskType = members["task_type"]?.stringValue else {
            throw Failure(
                .unprocessable,
                code: "invalid_request",
                message: members["task_type"] == nil
                    ? "Field required: task_type." : "task_type and prompt must be strings.",
                hint: "Send {\"task_type\": \"echo\", \"prompt\": \"hello\"}.",
                details: ["fields": .array(problems)]
            )
        }
        members["task_type"] = nil
        self.init(taskType: taskType, operation: members["operation"]?.stringValue, parameters: .object(members))
    }
}
