import Foundation
import PraximousJSON
import TestSupport

/// A skill before servers that answer each URL as written here; others are not reached.
struct Web {
    let skill: PluginDriver

    init(
        _ name: String,
        _ pages: [String: ScriptedWebServer.Reply] = [:],
        secrets: [String: String] = [:],
        config: [String: String] = [:]
    ) throws {
        var options = FakeHost.Options()
        options.secrets = secrets.mapValues { Array($0.utf8) }
        options.config = config
        options.answer = { exchange in
            guard let page = pages[exchange.url] else { return exchange.end(-9, "nobody is at \(exchange.url)") }
            exchange.head(Int32(page.status), page.headers)
            exchange.body(page.body)
            exchange.end()
        }
        skill = try BuiltSkill.load(name, host: FakeHost(options)).get()
    }

    /// What was asked for, in order.
    var urls: [String] { skill.host.exchanges.map(\.url) }
}

extension CallRecord {
    /// `message / details`, as clients of the original know it; nil for a result.
    var sentence: String? {
        failure.map { "\($0.message) / \($0.details?.stringValue ?? "")" }
    }
}
