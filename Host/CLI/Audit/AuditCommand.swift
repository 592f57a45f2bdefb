import ArgumentParser
import Audit
import Core
import Foundation
import PraximousJSON

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read the audit log.",
        subcommands: [AuditList.self]
    )
}

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, newest first; works while the host runs.",
        discussion: """
            EXAMPLE:
              prax-host audit list --limit 20
              prax-host audit list --request-id 0b6f0a9e-3c1d-4f0e-9a70-2b9c1e7d5a11 --json
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: "How many at most, up to 500.")
    var limit = 50

    @Option(help: "Go on from the `next` of an earlier page.")
    var before: String?

    @Option(help: "Only this request.")
    var requestID: String?

    func run() async throws {
        guard 1...500 ~= limit else { throw CommandFailure(.usage, "--limit is 1 to 500, found \(limit).") }
        let path = options.installation.auditDatabase
        let hasLog = FileManager.default.fileExists(atPath: path)
        if !hasLog, !options.quiet {
            Terminal.say("There is no \(path) yet: it begins with the first `prax-host serve`.")
        }
        let (events, next) = hasLog ? try await read(AuditReader(path: path)) : ([], nil)
        if options.json {
            let cursor = next.map { JSON.string($0.text) } ?? .null
            print((["events": .array(events.map { $0.json }), "next": cursor] as JSON).text)
        } else {
            let header = ["TIME", "REQUEST", "BY", "SKILL", "OPERATION", "PROVIDER", "STATUS", "CODE", "MS"]
            print(TextTable(header: header, rows: events.map { $0.row }).text)
        }
    }

    private func read(_ reader: AuditReader) async throws -> ([StoredAuditEvent], AuditCursor?) {
        if let requestID {
            guard let event = try await reader.event(requestID: requestID) else {
                throw CommandFailure(.notFound, "There is no request \(requestID) in the audit log.")
            }
            return ([event], nil)
        }
        let cursor = try before.map { text in
            guard let cursor = AuditCursor(text) else {
                throw CommandFailure(.usage, "'\(text)' is not a cursor.", hint: "Take the `next` of an earlier page.")
            }
            return cursor
        }
        let page = try await reader.page(limit: limit, before: cursor)
        return (page.events, page.next)
    }
}

extension StoredAuditEvent {
    fileprivate var json: JSON {
        [
            "sequence": .integer(Int(sequence)),
            "request_id": .string(event.requestID),
            "time": .string(ISOTime.text(event.time)),
            "kind": .string(event.kind.rawValue),
            "key_id": optional(event.keyID),
            "principal": optional(event.principalName),
            "task_type": optional(event.taskType),
            "operation": optional(event.operation),
            "provider": optional(event.provider),
            "status": .string(event.status.rawValue),
            "error_code": optional(event.errorCode),
            "latency_us": .integer(Int(event.latencyMicroseconds)),
            "request_bytes": .integer(Int(event.requestBytes)),
            "response_bytes": .integer(Int(event.responseBytes)),
            "client_address": optional(event.clientAddress),
            "model": optional(use?.model),
            "input_tokens": number(use?.usage?.inputTokens),
            "output_tokens": number(use?.usage?.outputTokens),
            "cached_input_tokens": number(use?.usage?.cachedInputTokens),
            "tokens_estimated": (use?.usage?.isEstimated).map(JSON.bool) ?? .null,
            "cost_micros": number((use?.costMicros).map(Int.init)),
            "attempts": number(use?.attempts),
            "first_token_us": number((use?.firstTokenMicroseconds).map(Int.init)),
        ]
    }

    private var use: ModelUse? { event.modelUse }

    fileprivate var row: [String] {
        // Some of it is what callers and plugins said.
        [
            ISOTime.text(event.time), event.requestID, event.keyID ?? event.principalName ?? "-", event.taskType ?? "-",
            event.operation ?? "-", event.provider ?? "-",
            event.status.rawValue, event.errorCode ?? "-", "\(event.latencyMicroseconds / 1000)",
        ].map(\.forTerminal)
    }

    private func number(_ number: Int?) -> JSON { number.map(JSON.integer) ?? .null }

    private func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
