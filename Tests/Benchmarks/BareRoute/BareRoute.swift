import Foundation
import Hummingbird
import Logging

/// The reference of the HTTP benchmark: the shortest Hummingbird server that reads a JSON body and answers with JSON.
///
/// No key, no audit, no plugin.
@main
struct BareRoute {
    struct Call: Decodable {
        let task_type: String
        let prompt: String
    }

    struct Answer: ResponseEncodable {
        struct Result: Encodable {
            let echoed_prompt: String
            let message: String
        }

        let status: String
        let result: Result
        let request_id: String
    }

    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 8090
        let router = Router()
        router.post("/echo") { request, context in
            let call = try await request.decode(as: Call.self, context: context)
            return Answer(
                status: "success",
                result: .init(echoed_prompt: call.prompt, message: "Prompt was successfully echoed."),
                request_id: UUID().uuidString
            )
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            logger: logger
        )
        try await application.runService()
    }
}
