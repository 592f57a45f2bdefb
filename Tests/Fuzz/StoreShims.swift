// What the store's readers mention of files that have the network behind them.

package enum TrustLevel: String, Sendable {
    case official, trusted, unsigned, local
}

package struct WebAddress: Sendable {
    let text: String
}

package struct IndexSource: Sendable {
    let address: WebAddress
    var fileName: String { "skills.json" }
}

package struct LoadedIndex: Sendable {
    let name: String
    let source: IndexSource
}
