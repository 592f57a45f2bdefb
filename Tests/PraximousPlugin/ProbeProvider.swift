import PraximousJSON
import PraximousPlugin
import Synchronization

/// A provider with one way of answering for each thing the glue has to carry over the border.
final class ProbeProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/probe-provider", version: "1.0.0")

    struct Surprise: Error {}

    let host: PluginHost

    init(host: PluginHost) { self.host = host }

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let request = try JSON.parse(request)
        switch request["model"]?.stringValue {
        case "refusing": throw SkillFailure("No such model.", status: .notFound, code: "model_not_found")
        case "surprising": throw Surprise()
        case "forgetful": break
        case "later":
            host.timers.after(milliseconds: 1) { reply.finish(["id": "later"]) }
        case "never":
            let timer = host.timers.after(milliseconds: 1) { reply.finish(["id": "never"]) }
            host.timers.cancel(timer)
            host.timers.after(milliseconds: 20) { reply.finish(["id": "called off"]) }
        case "streaming":
            for count in 1...(request["count"]?.intValue ?? 3) { reply.emit("delta", ["n": .integer(count)]) }
            reply.finish(["id": "streamed"])
        case "relayed":
            let upstream = HTTPRequest(
                "POST",
                "http://127.0.0.1:1/v1",
                headers: [("x-a", "1"), ("x-b", "")],
                body: Array("hi".utf8)
            )
            try reply.start(upstream, Relay(reply))
        default: reply.finish(["id": "plain"])
        }
    }

    func embed(_ texts: [String], model: String, _ reply: Reply) {
        reply.emitVectors(texts.flatMap { [Float($0.utf8.count), 0.5] }, dimensions: 2)
        reply.finish(["model": .string(model)])
    }

    func models(_ reply: Reply) { reply.finish(["models": [["id": "plain"]]]) }
}

/// Says what it hears.
private final class Relay: HTTPEvents {
    private let reply: Reply

    init(_ reply: Reply) { self.reply = reply }

    func head(_ head: HTTPHead) {
        let type = head.value("content-type").map(JSON.string) ?? .null
        reply.emit("data", ["status": .integer(head.status), "type": type])
    }

    func body(_ piece: UnsafeBufferPointer<UInt8>) {
        if reply.emit("data", piece) == .refused { reply.emit("data", "refused") }
    }

    func end(_ end: HTTPEnd) {
        switch end {
        case .complete: reply.finish("complete")
        case .failed(let status, let reason): reply.fail(SkillFailure(reason, status: status, code: "cut"))
        }
    }
}

let probeProvider = Plugin<ProbeProvider>()
