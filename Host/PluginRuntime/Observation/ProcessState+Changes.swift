extension ProcessState {
    /// What a plugin changed of what is the whole process's, in words.
    func changes(since before: ProcessState) -> [String] {
        var changes: [String] = []
        if directory != before.directory { changes.append("the working folder") }
        if umask != before.umask { changes.append("the umask") }
        if locale != before.locale { changes.append("the locale") }
        let entries = Set(environment).symmetricDifference(before.environment)
        let names = Set(entries.map { String($0.prefix { $0 != "=" }) })
        return changes + names.sorted().map { "the environment's " + $0.onOneLine }
    }
}
