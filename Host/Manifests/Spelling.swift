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

    /// How many letters must be added, removed or replaced; a hyphen is as good as an underscore.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (mine, theirs) = (normalised(left), normalised(right))
        var previous = Array(0...theirs.count)
        for (row, byte) in mine.enumerated() {
            var current = [row + 1]
            for (column, other) in theirs.enumerated() {
                current.append(
                    min(previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                )
            }
            previous = current
        }
        return previous.last ?? 0
    }

    private static func normalised(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }
}
