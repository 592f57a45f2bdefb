import Core
import Testing

@testable import Registry

/// An index, an installation and a wish in few words: `a 1.0.0: b ^1, c ^2`.
struct DependencyCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let index: [String]
    var installed: [String] = []
    var pinned: [String] = []
    let wish: [String]
    /// What comes of it, in order, or the reason why nothing does.
    let result: Result<[String], Failure>

    struct Failure: Error {
        let message: String
    }

    static let all = [
        DependencyCase(
            testDescription: "the newest version of each, what is needed first",
            index: ["a 1.0.0: b ^1", "b 1.0.0", "b 1.4.0: c *", "b 2.0.0", "c 0.1.0"],
            wish: ["a"],
            result: .success(["c 0.1.0", "b 1.4.0", "a 1.0.0"])
        ),
        DependencyCase(
            testDescription: "an installed version that will do is kept",
            index: ["a 1.0.0: b ^1", "b 1.0.0", "b 1.4.0"],
            installed: ["b 1.0.0"],
            wish: ["a"],
            result: .success(["b 1.0.0", "a 1.0.0"])
        ),
        DependencyCase(
            testDescription: "an installed version that will not do is upgraded",
            index: ["a 1.0.0: b ^1.2", "b 1.4.0"],
            installed: ["b 1.0.0"],
            wish: ["a"],
            result: .success(["b 1.4.0", "a 1.0.0"])
        ),
        DependencyCase(
            testDescription: "a version is found that two agree on",
            index: ["a 1.0.0: c ^1", "b 1.0.0: c <1.3.0", "c 1.5.0", "c 1.2.0", "c 1.1.0"],
            wish: ["a", "b"],
            result: .success(["c 1.2.0", "a 1.0.0", "b 1.0.0"])
        ),
        DependencyCase(
            testDescription: "an older version of the one that was asked for is taken when the newest leads nowhere",
            index: ["a 2.0.0: b ^9", "a 1.0.0: b ^1", "b 1.0.0"],
            wish: ["a"],
            result: .success(["b 1.0.0", "a 1.0.0"])
        ),
        DependencyCase(
            testDescription: "versions before a release are not pulled in",
            index: ["a 1.0.0: b *", "b 2.0.0-rc.1", "b 1.0.0"],
            wish: ["a"],
            result: .success(["b 1.0.0", "a 1.0.0"])
        ),
        DependencyCase(
            testDescription: "a cycle is named",
            index: ["a 1.0.0: b *", "b 1.0.0: c *", "c 1.0.0: a *"],
            wish: ["a"],
            result: .failure(Failure(message: "a cycle, x/a -> x/b -> x/c -> x/a"))
        ),
        DependencyCase(
            testDescription: "who wants what is said",
            index: ["a 1.0.0: c ^1", "b 1.0.0: c ^2", "c 1.0.0", "c 2.0.0"],
            wish: ["a", "b"],
            result: .failure(
                Failure(message: "x/a 1.0.0 wants x/c ^1, x/b 1.0.0 wants x/c ^2; and 1.0.0 was asked for")
            )
        ),
        DependencyCase(
            testDescription: "a package the index lacks is named",
            index: ["a 1.0.0: b ^1"],
            wish: ["a"],
            result: .failure(Failure(message: "x/a 1.0.0 wants x/b ^1; which the index does not have"))
        ),
        DependencyCase(
            testDescription: "a version the index lacks is said with those it has",
            index: ["a 1.0.0: b ^3", "b 1.0.0", "b 2.0.0"],
            wish: ["a"],
            result: .failure(Failure(message: "x/a 1.0.0 wants x/b ^3; the index offers 2.0.0, 1.0.0"))
        ),
        DependencyCase(
            testDescription: "those that are installed and stay must be able to live with it",
            index: ["a 1.0.0: c ^2", "c 2.0.0"],
            installed: ["old 1.0.0: c ^1", "c 1.0.0"],
            wish: ["a"],
            result: .failure(
                Failure(message: "x/old 1.0.0, which is installed, wants x/c ^1, and 2.0.0 would be installed")
            )
        ),
        DependencyCase(
            testDescription: "a pinned package stays",
            index: ["a 1.0.0: b ^2", "b 2.0.0"],
            installed: ["b 1.0.0"],
            pinned: ["b"],
            wish: ["a"],
            result: .failure(Failure(message: "x/a 1.0.0 wants x/b ^2; it is pinned at 1.0.0"))
        ),
    ]
}

@Suite("Resolving dependencies")
struct DependencyResolverTests {
    private static func parse(_ lines: [String]) throws -> [PluginName: [DependencyResolver.Candidate]] {
        var all: [PluginName: [DependencyResolver.Candidate]] = [:]
        for line in lines {
            let halves = line.split(separator: ":").map(String.init)
            let words = halves[0].split(separator: " ").map(String.init)
            let needs = halves.count < 2 ? [] : halves[1].split(separator: ",").map(String.init)
            let dependencies = try needs.map { need in
                let words = need.split(separator: " ").map(String.init)
                return Manifest.Dependency(
                    name: try PluginName.parse("x/" + words[0]),
                    requirement: try VersionRequirement.parse(words[1])
                )
            }
            let candidate = DependencyResolver.Candidate(try SemanticVersion.parse(words[1]), needs: dependencies)
            all[try PluginName.parse("x/" + words[0]), default: []].append(candidate)
        }
        return all.mapValues { $0.sorted { $0.version > $1.version } }
    }

    @Test("yields a set in which everybody has what they need, or says why not", arguments: DependencyCase.all)
    func table(_ row: DependencyCase) throws {
        let index = try Self.parse(row.index)
        let solver = DependencyResolver(
            installed: try Self.parse(row.installed).compactMapValues(\.first),
            pinned: Set(try row.pinned.map { try PluginName.parse("x/" + $0) })
        ) { index[$0] }
        let wishes = try row.wish.map { text in
            let name = try PluginName.parse("x/" + text)
            return DependencyResolver.Wish(name, index[name] ?? [])
        }
        switch row.result {
        case .success(let expected):
            #expect(try solver.solve(wishes).map { "\($0.name.name) \($0.version)" } == expected)
        case .failure(let failure):
            let error = #expect(throws: RegistryError.self) { try solver.solve(wishes) }
            #expect(error?.exitCode == .conflict)
            #expect(error?.message == "The dependencies cannot be satisfied: \(failure.message).")
        }
    }

    @Test("ends in bounded time when nothing fits")
    func bounded() throws {
        let versions = (0..<12).map { "1.\($0).0" }
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
        var lines = names.dropLast().enumerated().flatMap { place, name in
            versions.map { "\(name) \($0): \(names[place + 1]) *, z ^1" }
        }
        lines += versions.map { "h \($0): z ^2" }
        let index = try Self.parse(lines + ["z 1.0.0", "z 2.0.0"])
        let solver = DependencyResolver(installed: [:]) { index[$0] }
        let a = try PluginName.parse("x/a")
        let error = #expect(throws: RegistryError.self) {
            try solver.solve([DependencyResolver.Wish(a, index[a] ?? [])])
        }
        #expect(error?.exitCode == .conflict)
    }
}
