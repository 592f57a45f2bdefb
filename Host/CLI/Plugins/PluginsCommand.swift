import ArgumentParser

struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "Find, install and check plugins.",
        discussion: """
            A package is named by its full name (acme/weather), by the short name of an official one (weather), by its
            task type (json_query) or by a file (./weather.tar.gz); @1.2.3 or @^1.2 chooses the version.

            EXAMPLE:
              prax-host plugins search json
              prax-host plugins install json_query
              prax-host plugins list
            """,
        subcommands: [
            PluginsList.self, PluginsSearch.self, PluginsInfo.self, PluginsInstall.self, PluginsUpgrade.self,
            PluginsOutdated.self, PluginsRollback.self, PluginsRemove.self, PluginsPin.self, PluginsUnpin.self,
            PluginsEnable.self, PluginsDisable.self, PluginsRestart.self, PluginsQuarantine.self, PluginsVerify.self,
            PluginsAudit.self, PluginsLock.self, PluginsSync.self, PluginsMirror.self, PluginsBundle.self,
            PluginsCache.self, PluginsIndex.self, PluginsKey.self, PluginsNew.self, PluginsBuild.self,
            PluginsTest.self, PluginsFuzz.self, PluginsCall.self, PluginsDev.self, PluginsPack.self,
            PluginsSign.self, PluginsPublish.self,
        ]
    )
}
