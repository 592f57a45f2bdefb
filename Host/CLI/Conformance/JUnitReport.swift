import Core

/// Results in the form that continuous integrations read.
struct JUnitReport {
    let suite: String
    let results: [CheckResult]

    var xml: String {
        let failures = results.filter { $0.failure != nil }.count
        let skipped = results.filter { $0.skipped != nil }.count
        let seconds = results.reduce(0) { $0 + $1.seconds }
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuite name=\"\(escaped(suite))\" tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"0\" "
                + "skipped=\"\(skipped)\" time=\"\(text(seconds))\">"
        )
        lines += results.map(testCase)
        return (lines + ["</testsuite>"]).joined(separator: "\n") + "\n"
    }

    private func testCase(_ result: CheckResult) -> String {
        let open =
            "  <testcase classname=\"\(escaped(suite))\" name=\"\(result.check.name)\" time=\"\(text(result.seconds))\""
        if let reason = result.skipped { return open + "><skipped message=\"\(escaped(reason))\"/></testcase>" }
        guard let failure = result.failure else { return open + "/>" }
        let details = [
            result.check.summary, failure.request.map { "Request of \($0.operation): \($0.sample)" }, failure.fix,
        ]
        .compactMap(\.self).joined(separator: "\n")
        return open + "><failure message=\"\(escaped(failure.found))\">\(escaped(details))</failure></testcase>"
    }

    private func text(_ seconds: Double) -> String { String(Double(Int(seconds * 1000)) / 1000) }

    /// For text and attributes; what XML 1.0 has no way to write becomes U+FFFD.
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\n": "&#10;"
            case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": "\u{fffd}"
            default: String(scalar)
            }
        }.joined()
    }
}
