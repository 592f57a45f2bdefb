import Core
import Foundation
import Registry

/// The commands that make a project's library.
struct Compilation {
    /// One program with its arguments.
    typealias Command = [String]

    let project: PluginProject
    let sdk: PluginSDK
    let platform: String
    var keepsDebugInfo = false
    /// CC, CFLAGS and the like.
    var environment = ProcessInfo.processInfo.environment

    private var language: ProjectLanguage { project.language }
    private var isCross: Bool { platform != HostPlatform.current.name }

    /// In order; the last one writes `library`.
    func commands(writing library: String) throws -> [Command] {
        switch language {
        case .c, .cpp: [try cFamily(library)]
        case .rust: [try rust(library)]
        case .swift: try swift(library)
        }
    }

    private func cFamily(_ library: String) throws -> Command {
        let standard = language == .c ? "-std=c11" : "-std=c++17"
        let own = language == .c ? [] : ["-static-libstdc++", "-static-libgcc"]
        return [try compiler(), standard, "-O2", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-shared"]
            + ["-I", sdk.headers, "-Wl,--version-script=\(sdk.exportsMap)", "-Wl,-z,defs", "-Wl,-z,relro,-z,now"]
            + (keepsDebugInfo ? ["-g"] : ["-s"]) + own
            + ["-o", library] + project.sources + flags() + ["-lm"]
    }

    private func rust(_ library: String) throws -> Command {
        let root = project.sources.first { $0.hasSuffix("/src/lib.rs") } ?? project.sources[0]
        let cross =
            isCross
            ? ["--target", "\(architecture)-unknown-linux-gnu", "-C", "linker=\(architecture)-linux-gnu-gcc"] : []
        return [try compiler(), "--edition", "2021", "--crate-type", "cdylib", "--crate-name", "skill"]
            + ["-C", "opt-level=2", "-C", keepsDebugInfo ? "debuginfo=2" : "strip=symbols"] + cross
            + ["-o", library, root] + flags()
    }

    /// The SDK's two modules, once, and the project's own.
    private func swift(_ library: String) throws -> [Command] {
        let modules = project.scratch + "/sdk"
        let common =
            [
                try compiler(), "-parse-as-library", "-swift-version", "6", "-O", "-wmo", "-I", sdk.headers, "-I",
                modules,
            ]
            + ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"].flatMap {
                ["-enable-upcoming-feature", $0]
            }
        func module(_ name: String, _ folder: String) throws -> Command {
            common + ["-emit-module", "-emit-module-path", "\(modules)/\(name).swiftmodule", "-module-name", name]
                + ["-c", "-o", "\(modules)/\(name).o"] + (try sdk.swiftSources(folder))
        }
        // No runpath: the Swift runtime is the host's own, which is in memory when the library is loaded.
        let own =
            common + ["-emit-library", "-module-name", "Skill", "-no-toolchain-stdlib-rpath"]
            + ["-Xlinker", "--version-script=\(sdk.exportsMap)"] + (keepsDebugInfo ? ["-g"] : ["-Xlinker", "-s"])
            + ["-o", library] + project.sources
            + ["\(modules)/PraximousJSON.o", "\(modules)/PraximousPlugin.o"] + flags()
        let stamp = SwiftModuleStamp(folder: modules, sdk: sdk)
        if stamp.isCurrent { return [own] }
        return [try module("PraximousJSON", "JSON"), try module("PraximousPlugin", "Swift"), own]
    }

    private var architecture: String { String(platform.split(separator: "-").last ?? "") }

    private func flags() -> [String] {
        let isLinkedByC = language == .c || language == .cpp
        let names = [language.variables.flags] + (isLinkedByC ? ["LDFLAGS"] : [])
        return names.flatMap { (environment[$0] ?? "").split(separator: " ").map(String.init) }
    }

    private func compiler() throws -> String {
        if isCross, language == .swift {
            throw CommandFailure(
                .incompatible,
                "A plugin in Swift is built on the platform it is for: \(platform) is expected, this machine is "
                    + "\(HostPlatform.current.name).",
                hint: "Run `prax-host plugins build` on such a machine or in such a container.",
                code: "no_cross_compiler"
            )
        }
        let name = environment[language.variables.compiler] ?? crossName ?? language.compiler
        if let found = Self.find(name, in: environment["PATH"] ?? "") { return found }
        throw CommandFailure(
            .notFound,
            "\(project.path) is written in \(language.title), and there is no \(name) on the PATH.",
            hint: "Install it: \(isCross ? crossInstallation : language.installation); or name another compiler in "
                + "\(language.variables.compiler).",
            code: "compiler_missing"
        )
    }

    private var crossName: String? {
        guard isCross else { return nil }
        return switch language {
        case .c: "\(architecture)-linux-gnu-gcc"
        case .cpp: "\(architecture)-linux-gnu-g++"
        case .rust, .swift: nil
        }
    }

    private var crossInstallation: String {
        let suffix = language == .cpp ? "g++" : "gcc"
        return "apt-get install \(suffix)-\(architecture.replacingOccurrences(of: "_", with: "-"))-linux-gnu"
    }

    private static func find(_ name: String, in path: String) -> String? {
        if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
        return path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
