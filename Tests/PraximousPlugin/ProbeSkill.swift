import PraximousJSON
import PraximousPlugin

/// A skill with one operation for each thing the glue has to carry over the border.
struct ProbeSkill: Skill {
    static let identity = PluginIdentity(id: "praximous/probe", version: "1.2.3", build: "test")
    static let operations = [
        "echo", "fail", "refuse", "surprise", "stream", "stop", "config", "secret", "context", "log", "fetch",
        "mail",
    ]

    struct Surprise: Error {}

    let host: PluginHost

    init(host: PluginHost) throws {
        if host.config("/broken") == true { throw SkillFailure("The configuration is broken.") }
        host.log(.info, "probe starts")
        self.host = host
    }

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) throws -> JSON {
        switch operation {
        case "fail": throw SkillFailure("Input Error", details: "'text' is \"required\".")
        case "refuse":
            var failure = SkillFailure(
                "Slow down",
                status: .rateLimit,
                code: "too_fast",
                retryAfterMilliseconds: 1_500
            )
            failure.details = ["limit": 3]
            throw failure
        case "surprise": throw Surprise()
        case "stream":
            for count in 1...3 { try call.emit("delta", ["n": .integer(count)]) }
            return "done"
        case "stop":
            try call.checkCancelled()
            return "went on"
        case "config": return host.config(parameters["pointer"]?.stringValue ?? "") ?? "none"
        case "secret":
            let name = parameters["name"]?.stringValue ?? ""
            return .array((host.secret(name) ?? []).map { .integer(Int($0)) })
        case "context":
            let deadline = call.deadlineNanoseconds.map { JSON.integer(Int($0)) } ?? .null
            return ["context": call.context, "deadline": deadline, "host": .string("\(host.name) \(host.version)")]
        case "log":
            call.log(.debug, "not wanted")
            call.log(.warn, "low on ink", [("level", "3 %"), ("color", "")])
            return .null
        case "fetch":
            let url = parameters["url"]?.stringValue ?? ""
            var response = try call.fetch(HTTPRequest("GET", url), maxBodyBytes: 10)
            response.mask(Array("key".utf8))
            return [
                "status": .integer(response.status), "type": .string(response.value("content-TYPE") ?? ""),
                "body": .string(String(decoding: response.body, as: UTF8.self)),
            ]
        case "mail":
            let recipients = parameters["to"]?.arrayValue?.compactMap(\.stringValue) ?? []
            try call.send(Mail(to: recipients, subject: "Grüße", text: "Hi.", html: parameters["html"]?.stringValue))
            return "sent"
        default: return ["echo": parameters]
        }
    }
}

let probe = Plugin<ProbeSkill>()

/// Must run one call at a time and says so.
struct SerialSkill: Skill {
    static let identity = PluginIdentity(id: "praximous/serial", version: "0.1.0")
    static let operations = ["run"]
    static let isConcurrent = false

    init(host: PluginHost) {}

    func execute(_ operation: String, _ parameters: JSON, _ call: Call) -> JSON { .string(operation) }
}

let serial = Plugin<SerialSkill>()
