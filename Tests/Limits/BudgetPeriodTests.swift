import Core
import Testing

@Suite("Budgets and money") struct BudgetTests {
    @Test(
        "a period begins and ends where people expect it, in UTC",
        arguments: [
            // 2026-11-24T14:45:00Z, a Tuesday
            (BudgetPeriod.day, 1_795_531_500, 1_795_478_400, 1_795_564_800),
            (.week, 1_795_531_500, 1_795_392_000, 1_795_996_800),
            (.month, 1_795_531_500, 1_793_491_200, 1_796_083_200),
            // 2024-02-29T00:00:00Z
            (.month, 1_709_164_800, 1_706_745_600, 1_709_251_200),
            // 2026-12-31T23:59:59Z
            (.month, 1_798_761_599, 1_796_083_200, 1_798_761_600),
            // 1970-01-01T00:00:00Z, a Thursday
            (.week, 0, -259_200, 345_600),
        ] as [(BudgetPeriod, Int64, Int64, Int64)]
    )
    func periods(period: BudgetPeriod, second: Int64, start: Int64, end: Int64) {
        let bounds = period.bounds(at: second * 1_000_000)
        #expect(bounds.start == start * 1_000_000)
        #expect(bounds.end == end * 1_000_000)
    }

    @Test("a budget for good has no end")
    func total() {
        #expect(BudgetPeriod.total.bounds(at: 77) == (0, nil))
    }

    @Test(
        "a budget is written as dollars for a period",
        arguments: [
            ("25/month", 25_000_000, "25.00/month"), ("0.5/day", 500_000, "0.50/day"),
            ("0.000001/total", 1, "0.000001/total"), ("0/week", 0, "0.00/week"),
        ] as [(String, Int64, String)]
    )
    func budgets(text: String, micros: Int64, written: String) throws {
        let budget = try #require(Budget(text))
        #expect(budget.micros == micros)
        #expect(budget.text == written)
    }

    @Test(
        "what is no budget is refused",
        arguments: [
            "25", "25/", "/month", "-1/day", "1e3/day", "nan/day", "25/year", "1.0000001/day", "2000000000/day",
            "1./day",
            ".5/day", "1/day/2", "+1/day", "١/day", "",
        ]
    )
    func badBudgets(text: String) {
        #expect(Budget(text) == nil)
    }
}
