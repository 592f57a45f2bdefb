/// Who may look a name up: libcurl has a thread for each look-up, so the look-ups are counted.
///
/// An owner whose name server never answers fills its own share and not everyone's.
struct ResolverSlots {
    let maxLookups: Int
    let maxLookupsPerOwner: Int
    private var count = 0
    private var countByOwner: [String: Int] = [:]
    private var waiting: [(id: UInt64, owner: String)] = []

    init(maxLookups: Int = 64, maxLookupsPerOwner: Int = 16) {
        self.maxLookups = maxLookups
        self.maxLookupsPerOwner = maxLookupsPerOwner
    }

    mutating func queue(_ id: UInt64, of owner: String) { waiting.append((id, owner)) }

    mutating func withdraw(_ id: UInt64) { waiting.removeAll { $0.id == id } }

    mutating func release(_ owner: String) {
        count -= 1
        let rest = (countByOwner[owner] ?? 1) - 1
        countByOwner[owner] = rest > 0 ? rest : nil
    }

    /// Takes the slots that are free and returns for whom, those who waited longest first.
    mutating func admit() -> [UInt64] {
        guard !waiting.isEmpty, count < maxLookups else { return [] }
        var admitted: [UInt64] = []
        var rest: [(id: UInt64, owner: String)] = []
        for entry in waiting {
            if count < maxLookups, countByOwner[entry.owner, default: 0] < maxLookupsPerOwner {
                count += 1
                countByOwner[entry.owner, default: 0] += 1
                admitted.append(entry.id)
            } else {
                rest.append(entry)
            }
        }
        waiting = rest
        return admitted
    }
}
