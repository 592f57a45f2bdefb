import TestSupport

/// What Package.swift says of targets, read as text: `swift package` would wait for the build that runs the tests.
struct PackageManifest {
    let text: String

    /// The names in the `dependencies` of a target; nil when there is no such target.
    func dependencies(of target: String) -> Set<String>? {
        guard let declaration = declaration(of: target) else { return nil }
        guard let start = declaration.firstRange(of: "dependencies: [") else { return [] }
        let list = String(balanced(declaration[start.upperBound...], opening: "[", closing: "]"))
        let products = list.matches(of: /\.product\(name: "([^"]+)"/).map { String($0.1) }
        let plain = list.replacing(/\.product\([^)]*\)/, with: "")
        let names = plain.matches(of: /"([^"]+)"/).map { String($0.1) }
        let constants = plain.replacing(/"[^"]*"/, with: "").matches(of: /\w+/).map { product(named: String($0.0)) }
        return Set(products + names + constants)
    }

    /// The text of a `.target(…)` or `.executableTarget(…)`.
    func declaration(of target: String) -> Substring? {
        for found in text.matches(of: /\.(?:target|executableTarget)\(\s*/) {
            let body = balanced(text[found.range.upperBound...], opening: "(", closing: ")")
            if body.hasPrefix("name: \"\(target)\"") { return body }
        }
        return nil
    }

    /// The product behind a `let name: Target.Dependency`.
    private func product(named constant: String) -> String {
        let pattern = /let (\w+): Target\.Dependency = \.product\(name: "([^"]+)"/
        return text.matches(of: pattern).first { $0.1 == constant }.map { String($0.2) } ?? constant
    }

    /// The text up to the bracket that closes what was opened just before it.
    private func balanced(_ text: Substring, opening: Character, closing: Character) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == opening { depth += 1 }
            if text[index] == closing { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}

extension PackageManifest {
    init() throws { text = try SourceFile(reading: "Package.swift").text }

    /// The folders in the tables of Swift skills and providers.
    var swiftSkills: [String] { text.matches(of: /SwiftSkill\(folder: "(\w+)"/).map { String($0.1) } }
}
