import Core
import PraximousJSON
import Testing

@Suite struct ManifestTests {
    private static func manifest(_ operations: [Manifest.Operation]) throws -> Manifest {
        Manifest(
            name: try PluginName.parse("acme/tool"),
            version: try SemanticVersion.parse("1.2.0"),
            description: "Does things.",
            operations: operations,
            taskType: "tool"
        )
    }

    private static let plain: JSON = ["type": "object", "properties": ["prompt": ["type": "string"]]]

    @Test(
        "a request's operation leads to the one of that name, else to the default",
        arguments: [
            ("second", "second"), ("SECOND", "second"), (nil, "first"),
        ] as [(String?, String)]
    )
    func selection(_ requested: String?, _ expected: String) throws {
        let manifest = try Self.manifest([
            .init(name: "second", parametersSchema: Self.plain),
            .init(name: "first", isDefault: true, parametersSchema: Self.plain),
        ])
        guard case .operation(let operation) = manifest.operation(requested: requested) else {
            Issue.record("expected an operation")
            return
        }
        #expect(operation.name == expected)
    }

    @Test("without a default the first operation is it")
    func firstIsDefault() throws {
        let manifest = try Self.manifest([.init(name: "a"), .init(name: "b")])
        #expect(manifest.defaultOperation?.name == "a")
    }

    @Test("a name that matches none is refused in the words clients know")
    func unsupported() throws {
        let manifest = try Self.manifest([.init(name: "a", parametersSchema: Self.plain)])
        #expect(
            manifest.operation(requested: "Fly")
                == .unsupported("Unsupported Operation (Details: Operation 'Fly' is not supported.)")
        )
    }

    @Test("a skill with a parameter called operation gets the word itself")
    func ownOperation() throws {
        let operation = Manifest.Operation(
            name: "manipulate",
            parametersSchema: ["type": "object", "properties": ["operation": ["type": "string"]]]
        )
        let manifest = try Self.manifest([operation])
        #expect(manifest.operation(requested: "uppercase") == .operation(operation))
    }

    @Test("capabilities show parameters as people read them")
    func capabilities() throws {
        let schema: JSON = [
            "type": "object",
            "required": ["prompt"],
            "properties": [
                "prompt": ["type": "string", "description": "The text.", "errorMessage": "No text."],
                "how": ["type": ["string", "null"], "x-enum": ["up", "down"], "default": "up"],
                "to": ["type": ["string", "array"], "x-type": "string_or_list"],
            ],
        ]
        let operation = Manifest.Operation(
            name: "run",
            description: "Runs.",
            parametersSchema: schema,
            example: ["request": ["task_type": "tool", "prompt": "hi"]]
        )
        let expected: JSON = [
            "skill_name": "tool",
            "description": "Does things.",
            "operations": [
                "run": [
                    "description": "Runs.",
                    "parameters_schema": [
                        "prompt": ["type": "string", "description": "The text."],
                        "how": ["type": "string", "enum": ["up", "down"], "default": "up"],
                        "to": ["type": "string_or_list"],
                    ],
                    "example_request_payload": ["task_type": "tool", "prompt": "hi"],
                    "input_schema": schema,
                ]
            ],
            "name": "acme/tool",
            "version": "1.2.0",
            "kind": "skill",
        ]
        #expect(try Self.manifest([operation]).capabilities == expected)
    }

    @Test("isolation modes are ordered from loose to tight")
    func modes() {
        #expect(Manifest.IsolationWish.Mode.allCases.sorted() == [.inproc, .process, .sandbox, .strict])
        #expect(Manifest.IsolationWish.Mode.sandbox > .inproc)
    }
}
