import Core

/// A plugin's permissions, laid out for the questions that its services ask.
struct Grants: Sendable {
    /// nil: no store.
    private(set) var valueBytes: Int?
    /// nil: no folder.
    private(set) var folderBytes: Int?
    private(set) var allowsHTTP = false
    /// Domains of recipients; empty: no mail.
    private(set) var mailDomains: [String] = []
    private var skills: Set<String> = []
    private var models: Set<String> = []

    init(_ permissions: [Permission]) {
        for permission in permissions {
            switch permission {
            case .networkHTTP: allowsHTTP = true
            case .networkSMTP(let domains): mailDomains += domains
            case .storageKV(let bytes): valueBytes = max(bytes, valueBytes ?? 0)
            case .storageDirectory(let bytes): folderBytes = max(bytes, folderBytes ?? 0)
            case .invokeSkills(let names): skills.formUnion(names)
            case .invokeModels(let capabilities, _): models.formUnion(capabilities)
            // Asked of the operating system and not of a service.
            case .startPrograms: break
            }
        }
    }

    var allowsInvoke: Bool { !skills.isEmpty || !models.isEmpty }
    var allowsEverySkill: Bool { skills.contains("*") }
    func allowsSkill(_ plugin: PluginName) -> Bool { allowsEverySkill || skills.contains(plugin.description) }
    func allowsModels(for capability: String) -> Bool { models.contains(capability) }
}
