/// Rewrites the argument list before it is parsed.
///
/// Global options may stand before the command as well as after it, and the flags of the original gateway keep
/// working: `--init`, `--rename NAME`, `--reset-identity`, `--generate-api-key`.
enum CommandAliases {
    private static let oldFlags: [String: [String]] = [
        "--init": ["init"],
        "--rename": ["rename"],
        "--reset-identity": ["reset-identity"],
        "--generate-api-key": ["keys", "create", "--name", "generated"],
    ]

    private static let globalFlags: Set<String> = [
        "--json", "-q", "--quiet", "-y", "--yes", "--no-progress", "--no-color",
    ]

    static func resolve(_ arguments: [String]) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let argument = rest.first {
            if argument == "--root", rest.count > 1 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if globalFlags.contains(argument) || argument.hasPrefix("--root=") {
                leading.append(argument)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        if let first = rest.first, let command = oldFlags[first] { rest = (command + rest.dropFirst())[...] }
        guard !rest.isEmpty else { return arguments }
        // Before `--`, after which everything is an operand.
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return rest[..<end] + leading + rest[end...]
    }
}
