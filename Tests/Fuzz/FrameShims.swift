// What the wire's messages carry of targets that have too much behind them to be fuzzed along.

enum Logger {
    enum Level: String, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }
}

package struct CallEvent {
    package let kind: String
    package let json: [UInt8]
}

package struct SkillCall {
    let operation: String
    let context: CallContext
}
