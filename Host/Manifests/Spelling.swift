/// Guesses what someone meant to write.
package enum Spelling {
    private static let maxLength = 64

    /// The word that differs least from `word`, when it differs little enough to be meant.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.utf8.count <= maxLength else { return nil }
        let allowed = max(1, word.utf8.count / 3)
        let ranked = candidates.map { (word: $0, distance: distance(word, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= allowed else { return nil }
        return best.word
    }

    /// How many letters must be added, removed, replaced or swapped with their neighbour.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (mine, theirs) = (normalised(left), normalised(right))
        var beforePrevious: [Int] = []
        var previous = Array(0...theirs.count)
        for row in mine.indices {
            var current = [row + 1]
            for column in theirs.indices {
                var best = min(previous[column + 1], current[column]) + 1
                best = min(best, previous[column] + (mine[row] == theirs[column] ? 0 : 1))
                if row > 0, column > 0, mine[row] == theirs[column - 1], mine[row - 1] == theirs[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous.last ?? 0
    }

    /// A hyphen is as good as an underscore, and so is any case.
    private static func normalised(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }
}
