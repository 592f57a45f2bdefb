package import Core

extension Manifest {
    /// Whether this host is one that the manifest asks for; throws ``Refusal`` with both values when not.
    package func checkFits() throws(Refusal) {
        guard abi.major == HostVersion.abiMajor else {
            throw Refusal(
                .abiMajor,
                "\(name) \(version) is for plugin ABI major \(abi.major), this host offers \(HostVersion.abiMajor)",
                fix: "Use a version of the plugin for this ABI."
            )
        }
        guard abi.minMinor <= HostVersion.abiMinor else {
            throw Refusal(
                .abiMinor,
                "\(name) \(version) needs plugin ABI \(abi.major).\(abi.minMinor) or newer, this host offers "
                    + "\(HostVersion.abiMajor).\(HostVersion.abiMinor)",
                fix: "Upgrade the host, or use an older version of the plugin."
            )
        }
        guard let minHost, let host = try? SemanticVersion.parse(HostVersion.text), host < minHost else { return }
        throw Refusal(
            .hostVersion,
            "\(name) \(version) needs \(HostVersion.name) \(minHost) or newer, this is \(HostVersion.text)",
            fix: "Upgrade the host, or use an older version of the plugin."
        )
    }
}
