import PraximousJSON
import ProviderKit

/// OpenAI's request in the words of `generateContent`.
enum GeminiRequest {
    private static let renamed = [
        ("temperature", "temperature"), ("top_p", "topP"), ("top_k", "topK"), ("seed", "seed"),
        ("presence_penalty", "presencePenalty"), ("frequency_penalty", "frequencyPenalty"),
    ]

    static func body(_ request: ChatRequest, _ config: JSON) -> JSON {
        var body: JSONObject = ["contents": .array(GeminiContents.contents(request.messages))]
        let system = GeminiContents.system(request.messages)
        if !system.isEmpty { body["systemInstruction"] = ["parts": .array(system)] }
        setTools(request, &body)
        let generation = generationConfig(request)
        if !generation.isEmpty { body["generationConfig"] = .object(generation) }
        if let safety = request["safety_settings"] ?? config["safety_settings"] { body["safetySettings"] = safety }
        for member in request.extras("gemini") { body[member.key] = member.value }
        return .object(body)
    }

    private static func generationConfig(_ request: ChatRequest) -> JSONObject {
        var config = JSONObject()
        for (name, own) in renamed { if let value = request[name] { config[own] = value } }
        if let maxTokens = request.maxTokens { config["maxOutputTokens"] = .integer(maxTokens) }
        if !request.stops.isEmpty { config["stopSequences"] = .array(request.stops.map(JSON.string)) }
        if request.schema != nil || request.wantsJSON { config["responseMimeType"] = "application/json" }
        if let schema = request.schema { config["responseSchema"] = GeminiSchema.translated(schema) }
        switch request["reasoning_effort"]?.stringValue {
        case nil: break
        case "none": config["thinkingConfig"] = ["thinkingBudget": 0]
        case .some(let effort):
            let budget = ["minimal": 512, "low": 1024, "medium": 8192][effort] ?? 24_576
            config["thinkingConfig"] = ["thinkingBudget": .integer(budget), "includeThoughts": true]
        }
        return config
    }

    private static func setTools(_ request: ChatRequest, _ body: inout JSONObject) {
        guard !request.functions.isEmpty else { return }
        let declarations = request.functions.map { function -> JSON in
            var declaration: JSONObject = ["name": function["name"] ?? ""]
            if let description = function["description"] { declaration["description"] = description }
            if let parameters = function["parameters"], parameters["properties"]?.objectValue?.isEmpty == false {
                declaration["parameters"] = GeminiSchema.translated(parameters)
            }
            return .object(declaration)
        }
        body["tools"] = [["functionDeclarations": .array(declarations)]]
        let mode: JSONObject
        switch request["tool_choice"] {
        case .some("none"): mode = ["mode": "NONE"]
        case .some("required"): mode = ["mode": "ANY"]
        case .some(.object(let choice)):
            mode = ["mode": "ANY", "allowedFunctionNames": [choice["function"]?["name"] ?? ""]]
        default: return
        }
        body["toolConfig"] = ["functionCallingConfig": .object(mode)]
    }
}
