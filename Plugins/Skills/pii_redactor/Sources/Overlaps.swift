/// Makes of all candidates matches that stand apart.
///
/// The rules, in order: a candidate that a longer or more certain one of a kind not asked for overlaps is dropped (the
/// digits of an IBAN are no telephone number, whether IBANs are asked for or not; the caller's own patterns are never
/// dropped). Of those left, overlapping ones become one match that covers them all, for nothing that a detector found
/// may stay readable; its kind is that of the longest, and among equally long ones of the most certain.
enum Overlaps {
    static func resolved(_ candidates: [Candidate], kinds: Set<PIIKind>) -> [Candidate] {
        let isAsked = { (candidate: Candidate) in candidate.kind == .custom || kinds.contains(candidate.kind) }
        let asked = clusters(candidates).flatMap { cluster in
            let rival = cluster.filter { !isAsked($0) }.reduce(nil as Candidate?) { best, next in
                if let best, !next.beats(best) { best } else { next }
            }
            return cluster.filter { candidate in
                guard isAsked(candidate) else { return false }
                guard let rival, candidate.kind != .custom else { return true }
                return !(rival.range.overlaps(candidate.range) && rival.beats(candidate))
            }
        }
        return clusters(asked).map(merged)
    }

    /// Groups of candidates that overlap, directly or through others, in the order of the text.
    private static func clusters(_ candidates: [Candidate]) -> [[Candidate]] {
        let sorted = candidates.sorted { left, right in
            if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
            return left.beats(right)
        }
        var clusters: [[Candidate]] = []
        var end = 0
        for candidate in sorted {
            if candidate.range.lowerBound < end {
                clusters[clusters.count - 1].append(candidate)
            } else {
                clusters.append([candidate])
            }
            end = max(end, candidate.range.upperBound)
        }
        return clusters
    }

    private static func merged(_ cluster: [Candidate]) -> Candidate {
        var winner = cluster[0]
        var end = winner.range.upperBound
        for candidate in cluster {
            if candidate.beats(winner) { winner = candidate }
            end = max(end, candidate.range.upperBound)
        }
        winner.range = cluster[0].range.lowerBound..<end
        return winner
    }
}
