import Core
import Foundation

/// A new project from the templates of the SDK.
struct PluginTemplate {
    enum Kind: String, CaseIterable {
        case skill, provider, vectorstore
    }

    let sdk: PluginSDK
    let kind: Kind
    let language: ProjectLanguage
    let name: PluginName

    /// Writes the project to `folder`, which must be empty or not there; returns the files' paths inside it, sorted.
    func write(to folder: String) throws -> [String] {
        let manager = FileManager.default
        if let there = try? manager.contentsOfDirectory(atPath: folder), !there.isEmpty {
            throw CommandFailure(
                .conflict,
                "\(folder) is there and is not empty.",
                hint: "Choose another name, or another folder with --dir.",
                code: "folder_not_empty"
            )
        }
        let texts = try files.map { ($0.path, try text(of: $0.template)) }
        for (path, text) in texts {
            let url = URL(fileURLWithPath: folder + "/" + path)
            try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/ci.sh")
        return texts.map(\.0).sorted()
    }

    private var files: [(path: String, template: String)] {
        var files = [
            ("skill.yaml", "\(sdk.templates)/manifest/\(kind).yaml.in"),
            ("README.md", sdk.templates + "/common/README.md.in"),
            (".gitignore", sdk.templates + "/common/gitignore.in"),
            ("ci.sh", sdk.templates + "/common/ci.sh.in"),
            (language.firstSource, "\(sdk.templates)/\(language)/\(kind).\(language.suffix).in"),
        ]
        // Without a crate to take it from, the project has a copy.
        if language == .rust { files.append(("src/abi.rs", sdk.rustABI)) }
        return files
    }

    private func text(of template: String) throws -> String {
        var text = try String(contentsOfFile: template, encoding: .utf8)
        for (mark, value) in values { text = text.replacingOccurrences(of: "@\(mark)@", with: value) }
        return text
    }

    private var values: [String: String] {
        [
            "ID": name.description, "NAME": name.name, "OWNER": name.owner, "TITLE": title, "KIND": kindTitle,
            "TASK_TYPE": taskType, "TYPE": typeName, "LANGUAGE": language.title, "SOURCE": language.firstSource,
            "OPERATION": operation.name, "ARGUMENTS": operation.arguments, "KIND_NOTE": note,
        ]
    }

    /// `pdf-extract` is `Pdf extract` to people and `pdf_extract` to clients.
    private var title: String { name.name.replacingOccurrences(of: "-", with: " ").firstUppercased }

    private var taskType: String {
        let word = name.name.replacingOccurrences(of: "-", with: "_")
        return word.first?.isNumber == true ? "x" + word : word
    }

    private var typeName: String {
        let word = name.name.split(separator: "-").map { String($0).firstUppercased }.joined()
        return (word.first?.isNumber == true ? "X" : "") + word + (kind == .skill ? "Skill" : "Backend")
    }

    private var kindTitle: String { kind == .vectorstore ? "vector store" : kind.rawValue }

    private var operation: (name: String, arguments: String) {
        switch kind {
        case .skill: ("greet", #"{"name": "Ada"}"#)
        case .provider: ("chat", #"{"model": "\#(name.name)-1", "messages": [{"role": "user", "content": "Hello"}]}"#)
        case .vectorstore: ("query", #"{"collection": "notes", "vector": [0.5, 0.5], "k": 3}"#)
        }
    }

    private var note: String {
        switch kind {
        case .skill: ""
        case .provider:
            """

            A host asks it by the table of `praximous/provider.h`. Write an entry `type: \(name)` into
            config/providers.yaml, and its models are served.

            """
        case .vectorstore:
            """

            Its operations are those that every \(kindTitle) has, and for now they are called like a skill's. The header
            `praximous/\(kind).h` has the table by which later hosts will ask for them; a plugin can offer both.

            """
        }
    }
}

extension String {
    fileprivate var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}
