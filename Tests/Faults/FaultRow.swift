/// One way of doing harm, and what must come of it in each mode.
struct FaultRow: Sendable {
    /// Of the fault table; several rows may belong to one fault.
    let number: Int
    let fault: String
    let harm: Harm
    let expectations: [IsolationMode: Expectation]

    /// `strict` is expected to do what `sandbox` does unless it is given.
    init(
        _ number: Int,
        _ fault: String,
        _ harm: Harm,
        inproc: Expectation,
        process: Expectation,
        sandbox: Expectation,
        strict: Expectation? = nil
    ) {
        self.number = number
        self.fault = fault
        self.harm = harm
        expectations = [.inproc: inproc, .process: process, .sandbox: sandbox, .strict: strict ?? sandbox]
    }

    /// The same in every mode in which the plugin is a worker.
    init(_ number: Int, _ fault: String, _ harm: Harm, inproc: Expectation, worker: Expectation) {
        self.init(number, fault, harm, inproc: inproc, process: worker, sandbox: worker)
    }

    /// The same in every mode.
    init(_ number: Int, _ fault: String, _ harm: Harm, everywhere expectation: Expectation) {
        self.init(number, fault, harm, inproc: expectation, worker: expectation)
    }
}
