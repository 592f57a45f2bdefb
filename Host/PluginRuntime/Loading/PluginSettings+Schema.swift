package import Core
import PraximousJSON

extension PluginSettings {
    /// The settings with the defaults of the manifest's `config_schema` filled in, checked against it.
    ///
    /// Throws ``Refusal`` naming the value that does not fit: a plugin is never created with a configuration that its
    /// author ruled out.
    package func completed(by manifest: Manifest) throws(Refusal) -> PluginSettings {
        guard let text = manifest.configSchema else { return self }
        var completed = self
        var members = config.objectValue ?? JSONObject()
        for property in text["properties"]?.objectValue ?? JSONObject() where members[property.key] == nil {
            members[property.key] = property.value["default"]
        }
        completed.config = .object(members)
        let schema: JSONSchema
        do {
            schema = try JSONSchema.compile(text)
        } catch {
            throw Refusal(
                .manifest,
                "the config_schema of \(manifest.name) cannot be used: \(error)",
                fix: "Mend skill.yaml."
            )
        }
        guard let violation = schema.validate(completed.config).first else { return completed }
        throw Refusal(
            .config,
            "the configuration of \(manifest.name) does not fit: \(violation.sentence)",
            fix: "Mend \(place ?? "`plugins: \(manifest.name): config:` in config/praximous.yaml")."
        )
    }
}
