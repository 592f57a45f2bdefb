// What the store's readers mention of files that have the network behind them.

package enum TrustLevel: String, Sendable {
    case official, trusted, unsigned, local
}
