// swift-tools-version: 6.2
import PackageDescription

let cLibraries = "Host/CLibraries/"
let providerKit = "Plugins/Providers/Shared"

let nio = "swift-nio"
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

/// A bundled plugin: one folder below Plugins/Skills or Plugins/Providers, one dynamic library that exports the entry
/// point alone.
struct SwiftSkill {
    let folder: String
    let target: String
    var exclude: [String] = []
    /// C libraries beside the SDK.
    var libraries: [Target.Dependency] = []
}

let swiftSkills = [
    SwiftSkill(folder: "text_manipulation", target: "TextManipulation"),
    SwiftSkill(folder: "simple_math", target: "SimpleMath"),
    SwiftSkill(folder: "internal_summary", target: "InternalSummary"),
    SwiftSkill(folder: "datetime_tool", target: "DateTimeTool"),
    SwiftSkill(folder: "csv_parser", target: "CSVParser"),
    SwiftSkill(folder: "sentiment_analyzer", target: "SentimentAnalyzer", exclude: ["LICENSE.vader.txt"]),
    SwiftSkill(folder: "pii_redactor", target: "PIIRedactor"),
    SwiftSkill(folder: "web_scraper", target: "WebScraper", libraries: ["CXML2"]),
    SwiftSkill(folder: "web_search_tool", target: "WebSearch"),
    SwiftSkill(folder: "weather_tool", target: "Weather"),
    SwiftSkill(folder: "email_sender", target: "EmailSender"),
]

let swiftProviders = [
    SwiftSkill(folder: "openai", target: "OpenAIProvider"),
    SwiftSkill(folder: "ollama", target: "OllamaProvider"),
    SwiftSkill(folder: "local", target: "LocalProvider"),
    SwiftSkill(folder: "anthropic", target: "AnthropicProvider"),
    SwiftSkill(folder: "gemini", target: "GeminiProvider"),
]

let package = Package(
    name: "praximous",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "prax-host", targets: ["prax-host"])]
        + (swiftSkills + swiftProviders).map { .library(name: $0.folder, type: .dynamic, targets: [$0.target]) },
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(
            name: "CPraximous",
            path: "PluginAPI",
            exclude: ["JSON", "Swift", "README.md", "abi.txt", "exports.map", "examples", "rust", "templates"],
            publicHeadersPath: "include"
        ),
        .target(name: "PraximousJSON", path: "PluginAPI/JSON"),
        .target(name: "PraximousPlugin", dependencies: ["CPraximous", "PraximousJSON"], path: "PluginAPI/Swift"),

        // Linked into each of the providers that ask a server.
        .target(
            name: "ProviderKit",
            dependencies: ["PraximousPlugin", "PraximousJSON"],
            path: providerKit
        ),

        .systemLibrary(
            name: "CYAML",
            path: cLibraries + "CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),
        .systemLibrary(
            name: "CArchive",
            path: cLibraries + "CArchive",
            pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(
            name: "CSodium",
            path: cLibraries + "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]
        ),
        // Both are there with libarchive, which uses them.
        .systemLibrary(
            name: "CNettle",
            path: cLibraries + "CNettle",
            pkgConfig: "nettle",
            providers: [.apt(["nettle-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: cLibraries + "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .systemLibrary(
            name: "CSeccomp",
            path: cLibraries + "CSeccomp",
            pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]
        ),
        // For a bundled skill alone.
        .systemLibrary(
            name: "CXML2",
            path: cLibraries + "CXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .target(name: "CLinux", path: cLibraries + "CLinux"),
        .target(name: "CCurl", path: cLibraries + "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        .target(name: "Core", dependencies: ["PraximousJSON"], path: "Host/Core"),
        .target(name: "Manifests", dependencies: ["Core", "PraximousJSON", "CYAML"], path: "Host/Manifests"),
        .target(name: "Storage", dependencies: ["Core", grdb, sqlite], path: "Host/Storage"),
        .target(name: "Audit", dependencies: ["Core", "Storage", grdb, sqlite], path: "Host/Audit"),
        .target(name: "Access", dependencies: ["Core", "Storage", "CSodium"], path: "Host/Access"),
        .target(
            name: "Limits",
            dependencies: ["Core", "Manifests", "Storage", "PraximousJSON", "CSodium"],
            path: "Host/Limits",
            exclude: ["prices.yaml"]
        ),
        .target(name: "Egress", dependencies: ["Core", "CCurl"], path: "Host/Egress"),
        .target(
            name: "PluginRuntime",
            dependencies: ["Core", "Manifests", "PraximousJSON", "CPraximous", "CLinux", logging],
            path: "Host/PluginRuntime"
        ),
        .target(
            name: "Sandbox",
            dependencies: ["Core", "CLinux", "CSeccomp"],
            path: "Host/Sandbox"
        ),
        .target(
            name: "Services",
            dependencies: ["Core", "Storage", "Egress", "PluginRuntime", "PraximousJSON"],
            path: "Host/Services"
        ),
        .target(
            name: "Workers",
            dependencies: ["Core", "PraximousJSON", "PluginRuntime", "Sandbox", "CPraximous", "CLinux", logging],
            path: "Host/Workers"
        ),
        .target(
            name: "Supervision",
            dependencies: [
                "Core", "Manifests", "PraximousJSON", "PluginRuntime", "Workers", "Sandbox", "CLinux", logging,
            ],
            path: "Host/Supervision"
        ),
        .target(
            name: "Registry",
            dependencies: ["Core", "Manifests", "Egress", "PraximousJSON", "CArchive", "CNettle", "CSodium", "CZlib"],
            path: "Host/Registry"
        ),
        .target(
            name: "Gateway",
            dependencies: ["Core", "Audit", "Limits", "PluginRuntime", "PraximousJSON"],
            path: "Host/Gateway"
        ),
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Core", "Access", "Limits", "Gateway", "PluginRuntime", "PraximousJSON", "CSodium", hummingbird,
                logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            path: "Host/HTTPAPI",
            exclude: ["WebSocket/PROTOCOL.md"]
        ),
        .executableTarget(
            name: "prax-host",
            dependencies: [
                "Core", "Manifests", "Storage", "Audit", "Access", "Limits", "Egress", "PluginRuntime", "Services",
                "Sandbox", "Workers", "Supervision", "Registry", "Gateway", "HTTPAPI", "PraximousJSON", argumentParser,
                serviceLifecycle, hummingbird, logging,
                .product(name: "NIOCore", package: nio),
            ],
            path: "Host/CLI",
            // Where the Swift runtime lies in an installed tree, seen from bin/.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath=$ORIGIN/../lib/praximous/runtime"])]
        ),
    ]
        + swiftSkills.map { skill in
            .target(
                name: skill.target,
                dependencies: ["PraximousPlugin", "PraximousJSON"] + skill.libraries,
                path: "Plugins/Skills/" + skill.folder,
                exclude: ["skill.yaml", "README.md"] + skill.exclude,
                sources: ["Sources"],
                linkerSettings: [.unsafeFlags(["-Xlinker", "--version-script=PluginAPI/exports.map"])]
            )
        }
        + swiftProviders.map { provider in
            .target(
                name: provider.target,
                dependencies: ["ProviderKit", "PraximousPlugin", "PraximousJSON"],
                path: "Plugins/Providers/" + provider.folder,
                exclude: ["skill.yaml", "README.md"] + provider.exclude,
                sources: ["Sources"],
                linkerSettings: [.unsafeFlags(["-Xlinker", "--version-script=PluginAPI/exports.map"])]
            )
        }
        + [
            testTarget("JSON", ["PraximousJSON"]),
            testTarget("Core", ["Core", "PraximousJSON"]),
            testTarget("Manifests", ["Manifests", "Core", "PraximousJSON"]),
            testTarget("Storage", ["Storage", "Core", grdb]),
            testTarget("Audit", ["Audit", "Storage", "Core", grdb]),
            testTarget("Access", ["Access", "Storage", "Core"]),
            testTarget(
                "Limits",
                ["Limits", "Access", "Storage", "Manifests", "Core", "PraximousJSON", "LimitCrashChild"],
                exclude: ["Child"]
            ),
            testTarget("Egress", ["Egress", "Core"]),
            testTarget(
                "HTTPAPI",
                [
                    "HTTPAPI", "Core", "Gateway", "PluginRuntime", "PraximousJSON",
                    .product(name: "NIOCore", package: nio), .product(name: "NIOEmbedded", package: nio),
                    .product(name: "NIOHTTP1", package: nio),
                ]
            ),
            testTarget("Registry", ["Registry", "Manifests", "Egress", "Core", "PraximousJSON"]),
            testTarget(
                "PluginRuntime",
                ["PluginRuntime", "Manifests", "Core", "PraximousJSON", "CPraximous", logging],
                exclude: ["Fixtures"]
            ),
            testTarget("Sandbox", ["Sandbox", "Core", "CLinux", "SandboxProbeChild"], exclude: ["Child", "Fixtures"]),
            testTarget(
                "Services",
                ["Services", "Storage", "Egress", "PluginRuntime", "Core", "PraximousJSON"]
            ),
            testTarget(
                "Workers",
                ["Workers", "PluginRuntime", "Sandbox", "Core", "PraximousJSON", "CLinux", logging],
                exclude: ["Fixtures"]
            ),
            testTarget(
                "Supervision",
                ["Supervision", "Workers", "Manifests", "PluginRuntime", "Core", "PraximousJSON"],
                exclude: ["Fixtures"]
            ),
            testTarget(
                "Gateway",
                ["Gateway", "Audit", "Supervision", "Workers", "PluginRuntime", "Core", "PraximousJSON", logging]
            ),
            testTarget("Faults", ["PraximousJSON"], exclude: ["Fixtures", "RESULTS.md"]),
            testTarget("PraximousPlugin", ["PraximousPlugin", "CPraximous", "PraximousJSON"]),
            testTarget("Skills", ["PraximousJSON"]),
            testTarget("Providers", ["ProviderKit", "PraximousPlugin", "PraximousJSON"]),
            testTarget("ABI", ["PraximousJSON"], exclude: ["Bad", "Fixtures"]),
            testTarget(
                "Dialects",
                [
                    "HTTPAPI", "Gateway", "PluginRuntime", "Access", "Audit", "Core", "PraximousJSON", hummingbird,
                    logging,
                    .product(name: "HTTPTypes", package: "swift-http-types"),
                    .product(name: "NIOCore", package: nio),
                    .product(name: "NIOHTTP1", package: nio),
                ]
            ),
            testTarget("Architecture", []),
            testTarget("Documentation", []),
            testTarget("Store", ["PraximousJSON"]),
            testTarget("Author", ["PraximousJSON"], exclude: ["Fixtures"]),
            testTarget(
                "Acceptance",
                ["PraximousJSON"],
                exclude: [
                    "Failover", "Fixtures", "Lab", "RealModel", "Reliability", "SDK", "WebSocket", "requirements.txt",
                ]
            ),
            testTarget(
                "Vectors",
                ["PraximousJSON"],
                exclude: ["DEVIATIONS.md", "extra.jsonl", "sentiment.jsonl", "skills.jsonl"]
            ),
        ]
)

func testTarget(_ subject: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: subject + "Tests",
        dependencies: dependencies + ["TestSupport"],
        path: "Tests/" + subject,
        exclude: exclude
    )
}

package.targets += [
    .executableTarget(
        name: "SandboxProbeChild",
        dependencies: ["Sandbox", "Core", "CLinux"],
        path: "Tests/Sandbox/Child"
    ),
    .executableTarget(
        name: "LimitCrashChild",
        dependencies: ["Limits", "Storage", "Core"],
        path: "Tests/Limits/Child"
    ),
    .executableTarget(
        name: "LimitCost",
        dependencies: ["Limits", "Storage", "Core"],
        path: "Tests/Benchmarks/LimitCost"
    ),
    .executableTarget(
        name: "BareRoute",
        dependencies: [hummingbird, logging],
        path: "Tests/Benchmarks/BareRoute"
    ),
    .target(name: "CallCostBaseline", path: "Tests/Benchmarks/CallCostBaseline"),
    .executableTarget(
        name: "CallCost",
        dependencies: ["CallCostBaseline", "Core", "PluginRuntime", logging],
        path: "Tests/Benchmarks/CallCost",
        exclude: ["skill.yaml", "copy_plugin.c"]
    ),
    .executableTarget(name: "EgressCost", dependencies: ["Egress"], path: "Tests/Benchmarks/EgressCost"),
    .target(name: "PingPong", path: "Tests/Benchmarks/PingPong"),
    .executableTarget(
        name: "WorkerCost",
        dependencies: ["PingPong", "Core", "PluginRuntime", "PraximousJSON", "Workers", logging],
        path: "Tests/Benchmarks/WorkerCost",
        exclude: ["cost_plugin.c"]
    ),
]

package.targets.append(
    .target(
        name: "TestSupport",
        dependencies: ["CPraximous", "PraximousJSON"],
        path: "Tests/Support",
        exclude: ["Fixtures"]
    )
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
    target.cSettings = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]
}
