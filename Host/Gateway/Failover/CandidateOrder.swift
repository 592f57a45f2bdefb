extension ResolvedRoute {
    /// The candidates in the order in which they are asked.
    ///
    /// By weight, each place is drawn among those that are left; a weight of 0 comes last. `random` returns at least 0
    /// and below 1.
    func ordered(random: () -> Double) -> [RouteCandidate] {
        guard settings.strategy == .weighted else { return candidates }
        var left = candidates
        var order: [RouteCandidate] = []
        while !left.isEmpty {
            let total = left.reduce(0) { $0 + $1.weight }
            var point = random() * total
            let index = left.firstIndex { candidate in
                point -= candidate.weight
                return point < 0
            }
            order.append(left.remove(at: index ?? 0))
        }
        return order
    }
}
