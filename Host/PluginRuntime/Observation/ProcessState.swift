import Glibc
package import PraximousJSON

/// What belongs to a whole process and a plugin leaves alone, as it is at one moment.
package struct ProcessState: Sendable, Hashable {
    package var threads = 0
    /// Memory of its own that is in use.
    package var privateBytes = 0
    /// Numbers of the open descriptors.
    package var descriptors: [Int] = []
    /// Signals that are handled or ignored: number and address of the handler.
    package var signals: [String] = []
    package var locale = ""
    package var directory = ""
    package var umask = 0
    /// `NAME=value`, sorted.
    package var environment: [String] = []

    /// More are not looked for: a worker has a limit of that order.
    private static let maxDescriptors: Int32 = 512

    /// That of this process, now.
    package static func current() -> ProcessState {
        var state = ProcessState()
        state.readStatus()
        state.descriptors = (0..<maxDescriptors).filter { fcntl($0, F_GETFD) >= 0 }.map(Int.init)
        state.signals = (1...64).compactMap(handler)
        state.locale = setlocale(LC_ALL, nil).map { String(cString: $0) } ?? ""
        state.directory =
            getcwd(nil, 0).map { path in
                defer { free(path) }
                return String(cString: path)
            } ?? ""
        let mask = Glibc.umask(0o077)
        Glibc.umask(mask)
        state.umask = Int(mask)
        state.environment = environmentEntries()
        return state
    }

    /// proc(5): the lines of /proc/self/status that a sandbox leaves readable.
    private mutating func readStatus() {
        guard let file = fopen("/proc/self/status", "re") else { return }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                .split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, let number = Int(words[1]) else { continue }
            switch words[0] {
            case "Threads:": threads = number
            case "RssAnon:": privateBytes = number << 10
            default: break
            }
        }
    }

    private static func handler(of number: Int32) -> String? {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return nil }
        let address = withUnsafeBytes(of: &action.__sigaction_handler) { $0.load(as: UInt.self) }
        return address == 0 ? nil : "\(number):\(String(address, radix: 16))"
    }

    private static func environmentEntries() -> [String] {
        var entries: [String] = []
        var next = environ
        while let entry = next.pointee {
            entries.append(String(cString: entry))
            next += 1
        }
        return entries.sorted()
    }
}

extension ProcessState {
    package var json: JSON {
        [
            "threads": .integer(threads), "private_bytes": .integer(privateBytes),
            "descriptors": .array(descriptors.map(JSON.integer)), "signals": .array(signals.map(JSON.string)),
            "locale": .string(locale), "directory": .string(directory), "umask": .integer(umask),
            "environment": .array(environment.map(JSON.string)),
        ]
    }

    init?(_ json: JSON?) {
        guard let json, let threads = json["threads"]?.intValue, let bytes = json["private_bytes"]?.intValue,
            let umask = json["umask"]?.intValue
        else { return nil }
        self.threads = threads
        privateBytes = bytes
        self.umask = umask
        descriptors = json["descriptors"]?.arrayValue?.compactMap(\.intValue) ?? []
        signals = json["signals"]?.arrayValue?.compactMap(\.stringValue) ?? []
        locale = json["locale"]?.stringValue ?? ""
        directory = json["directory"]?.stringValue ?? ""
        environment = json["environment"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
