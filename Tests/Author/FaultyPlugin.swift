import Testing

/// One way of being wrong, and the checks that must find it, all of them and no others.
struct FaultyPlugin: Sendable, CustomTestStringConvertible {
    var macro: String?
    var ldflags = ""
    var manifest: [String: String] = [:]
    let failing: [String]

    var testDescription: String { macro ?? failing.joined(separator: ", ") }

    init(_ macro: String, _ failing: String...) {
        self.macro = macro
        self.failing = failing
    }

    private init(ldflags: String, _ failing: String) {
        self.ldflags = ldflags
        self.failing = [failing]
    }

    private init(_ old: String, becomes new: String, _ failing: String) {
        manifest = [old: new]
        self.failing = [failing]
    }

    static let all =
        [
            FaultyPlugin("BAD_LOCALE", "process/locale"),
            FaultyPlugin("BAD_UMASK", "process/umask"),
            FaultyPlugin("BAD_DIRECTORY", "process/directory"),
            FaultyPlugin("BAD_ENVIRONMENT", "process/environment"),
            FaultyPlugin("BAD_SIGNAL", "process/signals"),
            FaultyPlugin("BAD_THREAD", "destroy/threads"),
            FaultyPlugin("BAD_FILE", "destroy/files"),
            FaultyPlugin("BAD_LEAK", "create/again"),
            FaultyPlugin("BAD_SLOW_CREATE", "create/time"),
            FaultyPlugin("BAD_SECOND_INSTANCE", "create/twice"),
            FaultyPlugin("BAD_DESCRIPTION", "entry/constant"),
            FaultyPlugin("BAD_GENERATION", "entry/generation"),
            FaultyPlugin("BAD_INTERFACE", "interface/unknown"),
            FaultyPlugin("BAD_CALL_LEAK", "call/memory"),
            FaultyPlugin("BAD_CALL_FILE", "call/memory"),
            FaultyPlugin("BAD_CANCEL", "call/cancel", "call/deadline"),
            FaultyPlugin("BAD_SHARING", "call/parallel"),
            FaultyPlugin("BAD_STATE", "call/after-error"),
            FaultyPlugin("BAD_SOCKET", "sandbox/network"),
            FaultyPlugin("BAD_LENGTH", "operation/long-text"),
            FaultyPlugin("BAD_DEPTH", "operation/deep-nesting"),
            FaultyPlugin("BAD_ARRAY", "operation/deep-nesting", "operation/wrong-types"),
            FaultyPlugin("BAD_ESCAPES", "operation/texts", "operation/valid"),
            FaultyPlugin("BAD_RESULT_TYPE", "operation/result-schema", "operation/spaces", "operation/valid"),
            FaultyPlugin(
                "BAD_ERROR_CODE",
                "operation/empty-object",
                "operation/missing-members",
                "operation/random",
                "operation/wrong-types"
            ),
        ] + linked + described

    private static let linked = [
        FaultyPlugin(ldflags: "-Wl,--disable-new-dtags,-rpath,/opt/elsewhere", "library/rpath"),
        FaultyPlugin(ldflags: "-Wl,-z,execstack", "library/executable-stack"),
    ]

    private static let described = [
        FaultyPlugin("description: Says what it is told.\n", becomes: "", "manifest/description"),
        FaultyPlugin("      description: Says it.\n", becomes: "", "manifest/operation-descriptions"),
        FaultyPlugin("license: Apache-2.0", becomes: "license: all rights reserved", "manifest/license"),
        FaultyPlugin("author: { name: Tests }\n", becomes: "", "manifest/author"),
        FaultyPlugin("text: hello }", becomes: "text: hello, size: big }", "manifest/valid-examples"),
        FaultyPlugin("kind: skill", becomes: "kind: skill\nflavour: sweet", "manifest/known-words"),
        FaultyPlugin(
            "task_type: faulty\n",
            becomes: "task_type: faulty\npermissions: { network.http: { hosts: [\"*\"] } }\n",
            "manifest/hosts"
        ),
        FaultyPlugin("task_type: faulty\n", becomes: "task_type: faulty\nsecrets: [{ name: A }]\n", "manifest/secrets"),
        FaultyPlugin(
            "task_type: faulty\n",
            becomes: "task_type: faulty\nrequires: { libc: \"glibc>=2.0\" }\n",
            "library/glibc"
        ),
    ]
}
