package import Core
import Foundation
package import PraximousJSON
import Synchronization

/// A skill that can be called: its manifest, its compiled operations and what runs them.
package final class LoadedSkill: Sendable {
    package let taskType: String
    package let manifest: Manifest
    package let origin: PluginFolder.Origin
    package let runner: any SkillRunner
    package let capabilities: JSON
    private let schemas: [String: JSONSchema]
    package let folderPath: String
    /// Which file the library was when it was loaded.
    fileprivate let libraryStamp: [Int]

    fileprivate init(_ folder: PluginFolder, taskType: String, runner: any SkillRunner) throws(Refusal) {
        self.taskType = taskType
        manifest = folder.manifest
        origin = folder.origin
        self.runner = runner
        capabilities = folder.manifest.capabilities
        folderPath = folder.path
        libraryStamp = folder.libraryStamp
        var schemas: [String: JSONSchema] = [:]
        for operation in folder.manifest.operations {
            do {
                schemas[operation.name] = try JSONSchema.compile(operation.parametersSchema)
            } catch {
                throw Refusal(
                    .manifest,
                    "the parameters_schema of \(operation.name) cannot be used: \(error)",
                    fix: "Mend skill.yaml."
                )
            }
        }
        self.schemas = schemas
    }

    /// What is wrong with the parameters; empty when the plugin may see them.
    package func violations(of parameters: JSON, in operation: Manifest.Operation) -> [SchemaViolation] {
        schemas[operation.name]?.validate(parameters) ?? []
    }
}

/// The skills this host serves, replaced as a whole when plugins come and go.
package final class SkillTable: Sendable {
    /// What a scan of the plugin folders led to.
    package struct Changes: Sendable {
        package var loaded: [String] = []
        package var removed: [String] = []
        package var refused: [(path: String, refusal: Refusal)] = []

        package init() {}
    }

    /// Brings a plugin to life; throws ``Refusal`` when it cannot be.
    ///
    /// `hasPredecessor` says that another version or instance of it serves until this one is ready; without one, it may
    /// still be starting when this returns.
    package typealias Start =
        @Sendable (PluginFolder, _ hasPredecessor: Bool) throws(Refusal) -> any SkillRunner

    private let start: Start
    private let skills = Mutex<[String: LoadedSkill]>([:])

    package init(start: @escaping Start) { self.start = start }

    package subscript(_ taskType: String) -> LoadedSkill? { skills.withLock { $0[taskType] } }

    package var all: [LoadedSkill] { skills.withLock { $0.values.sorted { $0.taskType < $1.taskType } } }

    /// Brings the table in line with `folders`, in their order of precedence: loads what is new, keeps what is
    /// unchanged, retires what is gone.
    ///
    /// One bad plugin never stops the others.
    ///
    /// `replacing` names plugins that are brought to life anew although nothing about them has changed. Once `isOver`
    /// says so, the rest is left out.
    package func update(
        to folders: [PluginFolder],
        replacing: Set<PluginName> = [],
        until isOver: () -> Bool = { false }
    ) -> Changes {
        var changes = Changes()
        let current = skills.withLock { $0 }
        var next: [String: LoadedSkill] = [:]
        for folder in folders where !isOver() {
            guard let taskType = folder.manifest.taskType, folder.manifest.kind == .skill else { continue }
            if let twin = next.values.first(where: { $0.manifest.name == folder.manifest.name }) {
                changes.refused.append((folder.path, .twin(of: twin)))
            } else if let taken = next[taskType] {
                changes.refused.append((folder.path, .clash(taskType, with: taken)))
            } else if let same = current[taskType], same.isSame(as: folder),
                !replacing.contains(folder.manifest.name)
            {
                next[taskType] = same
            } else {
                do throws(Refusal) {
                    let hasPredecessor = current.values.contains { $0.manifest.name == folder.manifest.name }
                    next[taskType] = try load(folder, taskType: taskType, hasPredecessor: hasPredecessor)
                    changes.loaded.append("\(folder.manifest.name) \(folder.manifest.version)")
                } catch {
                    changes.refused.append((folder.path, error))
                    // A new version that cannot be loaded does not take the old one with it.
                    // It may have served another task type.
                    if let old = current.values.first(where: { $0.manifest.name == folder.manifest.name }),
                        next[old.taskType] == nil
                    {
                        next[old.taskType] = old
                    }
                }
            }
        }
        skills.withLock { $0 = next }
        for (taskType, skill) in current where next[taskType] !== skill {
            skill.runner.retire()
            changes.removed.append("\(skill.manifest.name) \(skill.manifest.version)")
        }
        return changes
    }

    /// Takes a plugin out that turned out, while it was starting, to be one that cannot be loaded.
    package func remove(_ runner: any SkillRunner) {
        skills.withLock { skills in skills = skills.filter { $0.value.runner !== runner } }
    }

    private func load(
        _ folder: PluginFolder,
        taskType: String,
        hasPredecessor: Bool
    ) throws(Refusal) -> LoadedSkill {
        let runner = try start(folder, hasPredecessor)
        do throws(Refusal) {
            return try LoadedSkill(folder, taskType: taskType, runner: runner)
        } catch {
            runner.retire()
            throw error
        }
    }
}

extension LoadedSkill {
    fileprivate func isSame(as folder: PluginFolder) -> Bool {
        folderPath == folder.path && manifest == folder.manifest && libraryStamp == folder.libraryStamp
    }
}

extension Refusal {
    fileprivate static func twin(of other: LoadedSkill) -> Refusal {
        Refusal(
            .clash,
            "\(other.manifest.name) \(other.manifest.version) is already served for `\(other.taskType)`",
            fix: "One plugin is served once: remove one of them, or give it another `name` in its skill.yaml."
        )
    }

    fileprivate static func clash(_ taskType: String, with taken: LoadedSkill) -> Refusal {
        Refusal(
            .clash,
            "task type `\(taskType)` is already served by \(taken.manifest.name) \(taken.manifest.version)",
            fix: "Give one of them another `task_type` in its skill.yaml, or remove one."
        )
    }
}
