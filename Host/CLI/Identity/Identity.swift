import Core
import Foundation
import Manifests

/// Who this installation is: config/identity.yaml.
struct Identity: Equatable {
    /// The questions of `init`, in their order, with the answer that an empty line means.
    static let questions: [(key: String, prompt: String, fallback: String)] = [
        ("system_name", "System Name (e.g. Praximous-Acme): ", "Praximous-Default"),
        ("business_name", "Business Name: ", "Default Business"),
        ("industry", "Industry: ", "General"),
        ("persona_style", "Persona Style (tone): ", "Professional and concise"),
        ("sensitivity_level", "Sensitivity Level (Low/Medium/High): ", "High"),
        ("location", "Location: ", "Unknown"),
    ]

    /// Key and value in the file's order; keys this version does not know are kept.
    var values: [(key: String, value: String)]

    static func == (left: Identity, right: Identity) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    subscript(key: String) -> String? {
        get { values.first { $0.key == key }?.value }
        set {
            values.removeAll { $0.key == key && newValue == nil }
            guard let newValue else { return }
            if let position = values.firstIndex(where: { $0.key == key }) {
                values[position].value = newValue
            } else {
                values.append((key, newValue))
            }
        }
    }

    /// nil when there is no file.
    static func read(_ path: String) throws -> Identity? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let document = try YAMLDocument.parse([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), source: path)
        let report = YAMLReport(source: path)
        guard let mapping = YAMLMapping(document.root, report) else {
            try report.check()
            return nil
        }
        let values = mapping.keys.compactMap { key in mapping.string(key).map { (key, $0) } }
        try report.check()
        return Identity(values: values)
    }

    /// Replaces the file as a whole, so that a crash leaves the old or the new one.
    func write(_ path: String) throws {
        try Data(YAMLWriter.text(values).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// The name shown to people: the system's, followed by the business's where the former does not hold it yet.
    var displayName: String {
        let system = self["system_name"] ?? "Praximous-Unconfigured"
        guard !system.contains("-"), let business = self["business_name"], !business.isEmpty else { return system }
        let slug = Self.slug(business)
        return slug.isEmpty ? system : "\(system)-\(slug)"
    }

    /// A business name as one word, its legal form left out.
    ///
    /// Letters of any alphabet stay: the original dropped all but ASCII and made `P-Caf` of "Café".
    private static func slug(_ business: String) -> String {
        var name = business.trimmingCharacters(in: .whitespaces)
        for form in ["Inc", "Ltd", "Corp", "LLC"] {
            for suffix in [" \(form).", " \(form)"] where name.lowercased().hasSuffix(suffix.lowercased()) {
                return name.dropLast(suffix.count).filter { $0.isLetter || $0.isNumber }
            }
        }
        name.removeAll { !$0.isLetter && !$0.isNumber }
        return name
    }
}
