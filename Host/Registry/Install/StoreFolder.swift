import Core

/// `plugins/store` and `plugins/active`: where checked packages are moved to, and from where old ones go.
struct StoreFolder {
    let layout: StoreLayout

    /// Makes a stage what it will be in the store, and forces it to disk.
    ///
    /// Blocks for as long as the disk takes.
    func seal(_ stageName: String) throws {
        let stage = try Folder.open(layout.stagingFolder).folder(stageName)
        try seal(stage, isTop: true)
        try force(stage)
    }

    /// Moves the folder `stageName` into the store and returns its path there.
    ///
    /// It was sealed: everything below is on disk before the rename, so that after a power cut the new name holds all or
    /// nothing.
    func admit(
        _ stageName: String,
        from staging: Folder,
        as manifest: Manifest,
        digest: SHA256Digest,
        previous: Receipt?
    ) throws -> String {
        let store = try Folder.make(layout.storeFolder)
        let owner = try store.makeFolder(manifest.name.owner)
        let parent = try owner.makeFolder(manifest.name.name)
        var name = StoreLayout.versionFolder(manifest.version, digest)
        if previous?.storePath == "\(manifest.name)/\(name)" {
            // The folder in use is never touched: the new copy gets a name of its own.
            name += try parent.status(name + ".2") == nil ? ".2" : ".3"
        }
        try parent.removeTree(name)
        try staging.rename(stageName, to: parent, as: name)
        try parent.folder(name).setMode(0o555)
        for folder in [parent, owner, store] { try folder.synchronize() }
        return "\(manifest.name)/\(name)"
    }

    func activate(_ name: PluginName, _ storePath: String) throws {
        try Folder.make(layout.activeFolder).replaceLink(name.folderName, to: "../store/" + storePath)
    }

    /// Removes the versions of a package that its receipt does not name.
    func removeOthers(of receipt: Receipt) throws {
        let kept = [receipt.storePath, receipt.previousStorePath].compactMap(\.self)
        let path = "\(layout.storeFolder)/\(receipt.name)"
        guard let parent = try Folder.openIfPresent(path) else { return }
        for name in try parent.names() where !kept.contains("\(receipt.name)/\(name)") { try parent.removeTree(name) }
    }

    /// Removes every version of a package.
    func removeAll(of name: PluginName) throws {
        guard let owner = try Folder.openIfPresent(layout.storeFolder + "/" + name.owner) else { return }
        try owner.removeTree(name.name)
        try owner.synchronize()
        try Folder.open(layout.storeFolder).removeIfEmpty(name.owner)
    }

    /// Makes folders read-only, the deepest first.
    ///
    /// The top one must stay writable until it has been renamed: its `..` changes.
    private func seal(_ folder: Folder, isTop: Bool) throws {
        for name in try folder.names() where try folder.status(name)?.isFolder == true {
            try seal(folder.folder(name), isTop: false)
        }
        if !isTop { try folder.setMode(0o555) }
    }

    /// Forces everything below to disk, when nothing is left to be changed: the first wait is then for all of it.
    private func force(_ folder: Folder) throws {
        for name in try folder.names() {
            if try folder.status(name)?.isFolder == true {
                try force(folder.folder(name))
            } else {
                try folder.openFile(name).synchronize()
            }
        }
        try folder.synchronize()
    }
}
