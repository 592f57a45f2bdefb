import Testing

/// One row in one mode.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let row: FaultRow
    let mode: IsolationMode
    let expectation: Expectation

    /// All that can be tested on this machine.
    static let all: [FaultCase] = FaultTable.rows.flatMap { row in
        IsolationMode.available.compactMap { mode in
            guard let expectation = row.expectations[mode] else { return nil }
            if case .notTested = expectation.outcome { return nil }
            return FaultCase(row: row, mode: mode, expectation: expectation)
        }
    }

    var testDescription: String { "\(row.number) \(row.fault), \(mode.rawValue)" }
}
