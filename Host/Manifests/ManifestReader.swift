package import Core

/// Reads skill.yaml: everything that can be wrong with it is found here, before any code of the plugin runs.
package enum ManifestReader {
    /// The manifest in the bytes, and what its author should know.
    ///
    /// Throws ``YAMLProblems`` with up to 20 sentences by line. Unknown keys are warnings, and problems when
    /// `strict`.
    package static func read(
        bytes: [UInt8],
        source: String,
        strict: Bool = false
    ) throws(YAMLProblems) -> (manifest: Manifest, warnings: [String]) {
        let document: YAMLDocument
        do {
            document = try YAMLDocument.parse(bytes, source: source)
        } catch {
            throw YAMLProblems(problems: [error.description])
        }
        let report = YAMLReport(source: source)
        let manifest = YAMLMapping(document.root, report).flatMap { root -> Manifest? in
            ManifestDecoder(root, report, strict: strict).decode()
        }
        try report.check()
        guard let manifest else { throw YAMLProblems(problems: ["\(source): no manifest"]) }
        return (manifest, report.warnings)
    }
}

/// Decodes one manifest, collecting problems as it goes.
struct ManifestDecoder {
    let root: YAMLMapping
    let report: YAMLReport
    let isStrict: Bool

    init(_ root: YAMLMapping, _ report: YAMLReport, strict: Bool) {
        self.root = root
        self.report = report
        isStrict = strict
    }

    /// nil when what a manifest cannot be without is missing; the report then says so.
    ///
    /// Everything is read in any case, so that the author hears of all problems at once.
    func decode() -> Manifest? {
        let apiVersion = decodeAPIVersion()
        let kind = required("kind", "skill") { root.word("kind", Manifest.Kind.self) }
        let name = required("name", "acme/pdf-extract") { parsed("name", PluginName.parse) }
        let version = required("version", "1.0.0") { parsed("version", SemanticVersion.parse) }
        let details = decodeDetails(kind)
        guard let apiVersion, let kind, let name, let version else { return nil }
        var manifest = Manifest(apiVersion: apiVersion, kind: kind, name: name, version: version)
        details(&manifest)
        return manifest
    }

    /// Reads all but the identity; what it found goes into a manifest by the function returned.
    private func decodeDetails(_ kind: Manifest.Kind?) -> (inout Manifest) -> Void {
        let (title, description) = (root.string("title"), root.string("description"))
        let (license, homepage, source) = (root.string("license"), root.string("homepage"), root.string("source"))
        let (author, minHost, abi) = (decodeAuthor(), parsed("min_host", SemanticVersion.parse), decodeABI())
        let entry = decodeEntry(isNeeded: kind != .bundle)
        let (requires, isolation) = (decodeRequirements(), decodeIsolation())
        let permissions = decodePermissions(isolation)
        let (secrets, dependencies) = (decodeSecrets(), decodeDependencies())
        let configSchema = decodeConfigSchema()
        let operations = decodeOperations(isNeeded: kind == .skill)
        let (taskType, health) = (decodeTaskType(isNeeded: kind == .skill), decodeHealth(operations))
        finish(root)
        return { manifest in
            manifest.title = title ?? manifest.title
            manifest.description = description ?? ""
            (manifest.license, manifest.homepage, manifest.source) = (license, homepage, source)
            (manifest.author, manifest.minHost, manifest.abi) = (author, minHost, abi ?? manifest.abi)
            (manifest.entry, manifest.requires, manifest.isolation) = (entry, requires, isolation)
            (manifest.permissions, manifest.secrets, manifest.dependencies) = (permissions, secrets, dependencies)
            (manifest.configSchema, manifest.operations) = (configSchema, operations)
            (manifest.taskType, manifest.health) = (taskType, health)
        }
    }

    private func decodeAPIVersion() -> String? {
        guard let text = required("apiVersion", Manifest.currentAPIVersion, { root.string("apiVersion") }),
            let node = root.value("apiVersion")
        else { return nil }
        if text == Manifest.currentAPIVersion || text.hasPrefix(Manifest.currentAPIVersion + ".") { return text }
        report.problem(
            "expected \(Manifest.currentAPIVersion) for apiVersion, found \(text.quotedForMessage()); "
                + "a newer host may know it",
            at: node
        )
        return nil
    }

    /// The value of a key that must be there.
    func required<Value>(_ key: String, _ example: String, _ read: () -> Value?) -> Value? {
        if root.value(key) == nil {
            root.missing(key, example)
            return nil
        }
        return read()
    }

    /// The value that the text of a key spells.
    func parsed<Value, Problem: Error>(
        _ key: String,
        of mapping: YAMLMapping? = nil,
        _ parse: (String) throws(Problem) -> Value
    ) -> Value? {
        let mapping = mapping ?? root
        guard let text = mapping.string(key), let node = mapping.value(key) else { return nil }
        return parsed(text, at: node, parse)
    }

    func parsed<Value, Problem: Error>(
        _ text: String,
        at node: YAMLNode,
        _ parse: (String) throws(Problem) -> Value
    ) -> Value? {
        do {
            return try parse(text)
        } catch {
            report.problem("\(error)", at: node)
            return nil
        }
    }

    func finish(_ mapping: YAMLMapping) { mapping.finish(strict: isStrict) }
}
