/// The provider Fixtures/provider.c.
package enum ProviderFixture {
    package static let name = "test/provider"

    /// Its folder; `variant` is one of its own.
    package static func folder(_ variant: String = "plain") throws -> String {
        try PluginFixture.folder(
            source: SourceTree.path("Tests/Support/Fixtures/provider.c"),
            manifest: manifest,
            variant: variant
        )
    }

    package static let manifest = """
        apiVersion: praximous.dev/v1
        kind: provider
        name: test/provider
        version: 1.0.0
        title: Fixture
        description: A provider for tests.
        author: { name: Praximous }
        license: Apache-2.0
        min_host: 0.1.0
        abi: { major: 1, min_minor: 0 }
        entry: { linux-x86_64: skill.so, linux-aarch64: skill.so }

        """
}
