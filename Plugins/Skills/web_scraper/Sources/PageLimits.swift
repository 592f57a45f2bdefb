import PraximousJSON

/// What one page may cost; the operator's, below `config:`.
struct PageLimits {
    let maxBodyBytes: Int
    let timeout: Duration

    init(_ config: JSON) {
        maxBodyBytes = config["max_body_bytes"]?.intValue ?? 2 << 20
        timeout = .seconds(config["timeout_s"]?.intValue ?? 15)
    }
}
