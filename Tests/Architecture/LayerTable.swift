import Testing

/// What one target may import, and nothing else; Host/README.md tells the reasons.
struct Layer: Sendable, CustomTestStringConvertible {
    let target: String
    let folder: String
    /// Targets of ours below this one.
    let ours: Set<String>
    /// Modules of packages that Package.swift names, and the C libraries.
    var outside: Set<String> = []
    /// What comes with Swift, and so is not in Package.swift's list.
    var system: Set<String> = []

    var testDescription: String { target }
    var allowed: Set<String> { ours.union(outside).union(system) }

    static let all = [
        Layer(target: "PraximousJSON", folder: "PluginAPI/JSON", ours: []),
        Layer(
            target: "PraximousPlugin",
            folder: "PluginAPI/Swift",
            ours: ["CPraximous", "PraximousJSON"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(target: "Core", folder: "Host/Core", ours: ["PraximousJSON"], system: ["Foundation", "Synchronization"]),
        Layer(target: "Manifests", folder: "Host/Manifests", ours: ["Core", "PraximousJSON"], outside: ["CYAML"]),
        Layer(
            target: "Storage",
            folder: "Host/Storage",
            ours: ["Core"],
            outside: ["GRDB", "GRDBSQLite"],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "Audit",
            folder: "Host/Audit",
            ours: ["Core", "Storage"],
            outside: ["GRDB", "GRDBSQLite"],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "Access",
            folder: "Host/Access",
            ours: ["Core", "Storage"],
            outside: ["CSodium"],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "Limits",
            folder: "Host/Limits",
            ours: ["Core", "Manifests", "Storage", "PraximousJSON"],
            outside: ["CSodium"],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "Egress",
            folder: "Host/Egress",
            ours: ["Core"],
            outside: ["CCurl"],
            system: ["Foundation", "Glibc", "Synchronization"]
        ),
        Layer(
            target: "PluginRuntime",
            folder: "Host/PluginRuntime",
            ours: ["Core", "Manifests", "PraximousJSON", "CPraximous"],
            outside: ["CLinux", "Logging"],
            system: ["Foundation", "Glibc", "Synchronization"]
        ),
        Layer(
            target: "Sandbox",
            folder: "Host/Sandbox",
            ours: ["Core"],
            outside: ["CLinux", "CSeccomp"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(
            target: "Services",
            folder: "Host/Services",
            ours: ["Core", "Storage", "Egress", "PluginRuntime", "PraximousJSON"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(
            target: "Workers",
            folder: "Host/Workers",
            ours: ["Core", "PluginRuntime", "Sandbox", "PraximousJSON", "CPraximous"],
            outside: ["CLinux", "Logging"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(
            target: "Supervision",
            folder: "Host/Supervision",
            ours: ["Core", "Manifests", "PluginRuntime", "Sandbox", "Workers", "PraximousJSON"],
            outside: ["CLinux", "Logging"],
            system: ["Foundation", "Glibc", "Synchronization"]
        ),
        Layer(
            target: "Registry",
            folder: "Host/Registry",
            ours: ["Core", "Manifests", "Egress", "PraximousJSON"],
            outside: ["CArchive", "CNettle", "CSodium", "CZlib"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(
            target: "Gateway",
            folder: "Host/Gateway",
            ours: ["Core", "Audit", "Limits", "PluginRuntime", "PraximousJSON"],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "HTTPAPI",
            folder: "Host/HTTPAPI",
            // PluginRuntime for its table of skills, which the routes only read.
            ours: ["Core", "Access", "Limits", "Gateway", "PluginRuntime", "PraximousJSON"],
            outside: [
                "CSodium", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1",
                "NIOHTTPTypes",
                "NIOHTTPTypesHTTP1", "NIOWebSocket",
            ],
            system: ["Foundation", "Synchronization"]
        ),
        Layer(
            target: "prax-host",
            folder: "Host/CLI",
            ours: [
                "Core", "Manifests", "Storage", "Audit", "Access", "Limits", "Egress", "PluginRuntime", "Services",
                "Sandbox", "Workers", "Supervision", "Registry", "Gateway", "HTTPAPI", "PraximousJSON",
            ],
            outside: ["ArgumentParser", "Hummingbird", "Logging", "NIOCore", "ServiceLifecycle"],
            system: ["Dispatch", "Foundation", "Glibc", "Synchronization"]
        ),
    ]

    /// Every bundled plugin in Swift: the SDK, no Foundation.
    static let plugins = [
        Layer(
            target: "skill",
            folder: "Plugins/Skills",
            ours: ["PraximousPlugin", "PraximousJSON"],
            // web_scraper's.
            outside: ["CXML2"],
            system: ["Glibc", "Synchronization"]
        ),
        Layer(
            target: "provider",
            folder: "Plugins/Providers",
            ours: ["ProviderKit", "PraximousPlugin", "PraximousJSON"],
            system: ["Glibc", "Synchronization"]
        ),
    ]

    /// Folders with Swift files that are no target of this package.
    static let elsewhere = [
        Layer(
            target: "Greet",
            folder: "PluginAPI/examples",
            ours: ["CPraximous"],
            outside: ["CPraximousExtras"]
        )
    ]
}
