/// Takes up changed files of prices; while one cannot be read, the old prices count.
struct PriceWatch: Sendable {
    let files: PriceFiles?
    let book: PriceBook
    let report: @Sendable (String) -> Void

    func refresh() {
        do {
            guard let table = try files?.readIfChanged() else { return }
            book.replace(with: table)
        } catch {
            report("the prices stay as they were: \(error)")
        }
    }
}
