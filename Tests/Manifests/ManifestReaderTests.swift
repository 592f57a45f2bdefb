import Core
import Manifests
import PraximousJSON
import Testing

@Suite struct ManifestReaderTests {
    private static func read(_ text: String, strict: Bool = false) throws -> (manifest: Manifest, warnings: [String]) {
        try ManifestReader.read(bytes: Array(text.utf8), source: "skill.yaml", strict: strict)
    }

    @Test("a full manifest is read, field by field")
    func full() throws {
        let (manifest, warnings) = try Self.read(ManifestText.full, strict: true)
        #expect(warnings == [])
        #expect(manifest.kind == .skill)
        #expect(manifest.name.description == "acme/pdf-extract")
        #expect(manifest.version.description == "2.1.0")
        #expect(manifest.title == "PDF extract")
        #expect(manifest.author == .init(name: "Acme GmbH", email: "dev@acme.example", url: "https://acme.example"))
        #expect(manifest.license == "Apache-2.0")
        #expect(manifest.minHost?.description == "1.3.0")
        #expect(manifest.abi == .init(major: 1, minMinor: 2))
        #expect(manifest.entry == ["linux-x86_64": "lib/linux-x86_64/skill.so"])
        #expect(manifest.requires == .init(libc: "glibc>=2.31"))
        #expect(
            manifest.isolation
                == .init(
                    mode: .sandbox,
                    memoryMB: 512,
                    cpuSecondsPerCall: 30,
                    threads: 16,
                    openFiles: 64,
                    instances: 1,
                    restart: .reload
                )
        )
        #expect(
            manifest.permissions == [
                .networkHTTP(hosts: ["api.acme.example", "*.acme.example"], methods: ["GET", "POST"]),
                .storageKV(quotaBytes: 67_108_864), .storageDirectory(quotaBytes: 268_435_456),
                .invokeSkills(["acme/ocr"]), .invokeModels(capabilities: ["chat"], maxTokensPerCall: 4000),
            ]
        )
        #expect(manifest.secrets == [.init(name: "ACME_TOKEN", description: "Token from the console")])
        #expect(manifest.configSchema?["properties"]?["dpi"]?["default"] == 150)
        #expect(manifest.dependencies.map(\.requirement.description) == ["^1.4"])
        #expect(manifest.taskType == "pdf_extract")
        #expect(manifest.health == .init(operation: "ping", interval: .seconds(30)))
        let extract = try #require(manifest.operations.first)
        #expect(extract.isStreaming && extract.isIdempotent && !extract.isDefault)
        #expect(extract.timeout == .seconds(120))
        #expect(extract.parametersSchema["required"] == ["document"])
        #expect(extract.example?["request"]?["task_type"] == "pdf_extract")
        #expect(manifest.defaultOperation?.name == "ping")
    }

    @Test("a small manifest is enough")
    func small() throws {
        let manifest = try Self.read(ManifestText.small).manifest
        #expect(manifest.title == "echo")
        #expect(manifest.isolation.mode == nil)
        #expect(manifest.permissions == [])
        #expect(manifest.operations.map(\.parametersSchema) == [true])
    }

    @Test("starting programs is asked for by `process.spawn: true`")
    func programs() throws {
        let text = ManifestText.small + "isolation: { mode: process }\npermissions: { process.spawn: true }\n"
        #expect(try Self.read(text).manifest.permissions == [.startPrograms])
        #expect(try Self.read(text.replacing("true", with: "false")).manifest.permissions == [])
    }

    @Test(
        "what is wrong is said with its place and what to do",
        arguments: [
            ("version: 1.0.0", "version: 1.10", "skill.yaml:4:10: expected a text for version, found the number 1.10"),
            ("version: 1.0.0", "version: \"1.10\"", "write \"1.10.0\""),
            ("version: 1.0.0", "version: v1.0.0", "leave out the leading v"),
            ("version: 1.0.0\n", "", "expected the key version, found none; add version: 1.0.0"),
            ("praximous.dev/v1", "praximous.dev/v2", "skill.yaml:1:13: expected praximous.dev/v1 for apiVersion"),
            ("kind: skill", "kind: skil", "did you mean skill?"),
            ("name: acme/echo", "name: echo", "exactly one slash"),
            ("libecho.so", "../libecho.so", "has an empty part, . or .."), ("libecho.so", "/lib/x.so", "is absolute"),
            ("libecho.so", "'lib\\x.so'", "holds a backslash"), ("libecho.so", "lib//x.so", "has an empty part"),
            ("linux-x86_64", "Linux", "expected a platform such as linux-x86_64"),
            ("task_type: echo", "task_type: Echo", "expected a task_type of a-z"),
            ("task_type: echo\n", "", "expected the key task_type"),
            ("name: run", "name: Run It", "expected an operation name"),
            ("[{ name: run }]", "[]", "with at least one operation"),
            ("{ name: run }", "{ name: run }, { name: run }", "the operation run is there twice"),
            ("{ name: run }", "{ name: run, timeout_s: 0 }", "expected a whole number from 1 to 3600 for timeout_s"),
            ("{ name: run }", "{ name: run, parameters_schema: { type: objekt } }", "skill.yaml:7:"),
            (
                "{ name: run }", "{ name: run, parameters_schema: { properties: { a: { minlength: 1 } } } }",
                "\"minlength\" is not supported"
            ),
            ("{ name: run }", "{ name: run, result_schema: { type: [] } }", "the name of a type"),
            (
                "{ name: run }", "{ name: a, default: true }, { name: b, default: true }",
                "a second operation is marked as default"
            ),
            ("task_type: echo", "task_type: echo\nhealth: { operation: rn }", "did you mean run?"),
            (
                "task_type: echo", "task_type: echo\nisolation: { mode: none }",
                "expected inproc, process, sandbox, strict for mode"
            ),
            (
                "task_type: echo", "task_type: echo\npermissions: { network.http: { hosts: [\"*.*\"] } }",
                "expected a host such as"
            ),
            ("task_type: echo", "task_type: echo\npermissions: { network.http: {} }", "expected the key hosts"),
            (
                "task_type: echo", "task_type: echo\npermissions: { storage.kv: { quota_mb: 0 } }",
                "from 1 to 1048576 for quota_mb"
            ),
            (
                "task_type: echo", "task_type: echo\npermissions: { process.spawn: all }",
                "expected true or false for process.spawn"
            ),
            (
                "task_type: echo",
                "task_type: echo\nisolation: { mode: sandbox }\npermissions: { process.spawn: true }",
                "process.spawn needs isolation mode process, found sandbox"
            ),
            ("task_type: echo", "task_type: echo\nsecrets: [{ name: token }]", "expected a new name of A-Z"),
            (
                "task_type: echo", "task_type: echo\ndependencies: [{ name: acme/ocr, req: latest }]",
                "expected a requirement"
            ),
            ("task_type: echo", "task_type: echo\nabi: { min_minor: 1 }", "expected the key major"),
            ("task_type: echo", "task_type: echo\nrequires: { libc: musl }", "glibc>=2.31"),
            ("task_type: echo", "task_type: echo\nlicense: no", "put it in quotes: \"no\""),
            ("task_type: echo", "task_type: echo\nconfig_schema: { type: 7 }", "skill.yaml:9:"),
        ]
    )
    func refuses(_ old: String, _ new: String, _ words: String) throws {
        let text = ManifestText.small.replacing(old, with: new)
        try #require(text != ManifestText.small)
        #expect { try Self.read(text) } throws: { "\($0)".contains(words) }
    }

    @Test("several problems are reported at once, by line")
    func several() {
        let text = ManifestText.small.replacing("acme/echo", with: "Acme").replacing("1.0.0", with: "1.0")
            .replacing("task_type: echo", with: "task_type: E")
        #expect { try Self.read(text) } throws: { error in
            guard let problems = (error as? YAMLProblems)?.problems else { return false }
            return problems.count == 3 && problems[0].hasPrefix("skill.yaml:3:")
                && problems[1].hasPrefix("skill.yaml:4:") && problems[2].hasPrefix("skill.yaml:8:")
        }
    }

    @Test("no more than 20 problems are reported")
    func many() {
        let permissions = (0..<50).map { "\"-\($0)\"" }.joined(separator: ", ")
        let text = ManifestText.small + "permissions: { network.http: { hosts: [\(permissions)] } }\n"
        #expect { try Self.read(text) } throws: { ($0 as? YAMLProblems)?.problems.count == 20 }
    }

    @Test("unknown keys are warnings, and problems when asked to be strict")
    func unknownKeys() throws {
        let text = ManifestText.small + "descripton: x\n"
        let warnings = try Self.read(text).warnings
        #expect(warnings == ["skill.yaml:9:1: unknown key \"descripton\"; did you mean description?"])
        #expect { try Self.read(text, strict: true) } throws: { "\($0)".contains("unknown key \"descripton\"") }
    }

    @Test("what is no YAML is one problem")
    func notYAML() {
        #expect { try Self.read("a: [") } throws: { ($0 as? YAMLProblems)?.problems.count == 1 }
        #expect { try Self.read("- a") } throws: { "\($0)".contains("expected a mapping of keys to values") }
    }

    @Test("the older map of parameters becomes a schema, with a warning")
    func parameterMap() throws {
        let map =
            "{ name: run, parameters_schema: { text: { type: STRING }, to: { type: string_or_list, optional: true }, "
            + "max: { type: integer, default: 5 } } }"
        let (manifest, warnings) = try Self.read(ManifestText.small.replacing("{ name: run }", with: map))
        let expected: JSON = [
            "type": "object",
            "required": ["text"],
            "properties": [
                "text": ["type": "string"], "to": ["type": ["string", "array"]],
                "max": ["type": "integer", "default": 5],
            ],
        ]
        #expect(manifest.operations.first?.parametersSchema == expected)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("which is deprecated; write JSON Schema") == true)
    }

    @Test("an example that its own schema refuses is a warning")
    func example() throws {
        let operation =
            "{ name: run, parameters_schema: { required: [a] }, example: { request: { task_type: echo, b: 1 } } }"
        let warnings = try Self.read(ManifestText.small.replacing("{ name: run }", with: operation)).warnings
        #expect(warnings.first?.contains("the example does not pass its parameters_schema: a: Field required") == true)
    }
}
