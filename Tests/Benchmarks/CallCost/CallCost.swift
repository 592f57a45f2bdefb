import CallCostBaseline
import Core
import Logging
import PluginRuntime

/// Prints what one call of a plugin's echo costs beside a bare C function pointer that makes the same copy, each the
/// best of several rounds taken in turn.
@main
struct CallCost {
    static let rounds = 500_000

    static func main() throws {
        let folder = try PluginFolder(path: CommandLine.arguments[1], origin: .bundled)
        let loader = PluginLoader(logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        let instance = try loader.load(folder, settings: PluginSettings())
        guard let caller = SkillCalls().inlineCaller(of: instance) else { preconditionFailure("no caller") }
        caller.context = CallContext(requestID: "00000000-0000-4000-8000-000000000000")
        let text = #"{"prompt":""# + String(repeating: "x", count: 187) + #""}"#
        precondition(text.utf8.count == 200)
        var best = (bare: Double.infinity, plugin: Double.infinity)
        for _ in 0..<7 {
            best.bare = min(best.bare, bareCost(text))
            best.plugin = min(best.plugin, pluginCost(text, caller))
        }
        let ratio = best.plugin / best.bare
        print(
            "abi_call_ns \(format(best.plugin))  bare_c_call_ns \(format(best.bare))  ratio \(format(ratio)) (goal <= 4)"
        )
    }

    private static func bareCost(_ text: String) -> Double {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                prax_baseline_nanoseconds(prax_baseline_function(), $0.baseAddress, $0.count, rounds)
            }
        }
    }

    private static func pluginCost(_ text: String, _ caller: InlineCaller) -> Double {
        let deadline = MonotonicClock.deadline(in: .seconds(3600))
        var text = text
        return text.withUTF8 { bytes in
            let start = MonotonicClock.now()
            var total = 0
            for _ in 0..<rounds {
                let outcome = caller.call(operation: "copy", parameters: bytes, deadline: deadline)
                guard case .result(let result) = outcome else { preconditionFailure("the call failed") }
                total &+= result.count
            }
            precondition(total == rounds * 200)
            return Double(MonotonicClock.now() - start) / Double(rounds)
        }
    }

    private static func format(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(String(100 + hundredths % 100).dropFirst())"
    }
}
