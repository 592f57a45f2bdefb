import Foundation

/// Standard error for people: progress, warnings and questions.
///
/// Standard output is for results alone.
enum Terminal {
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// On a terminal the line is cleared first: a progress bar may stand on it.
    private static let fresh = isatty(STDERR_FILENO) == 1 ? "\r\u{1b}[K" : ""

    /// In red where the reader of that descriptor has a terminal, unless NO_COLOR (no-color.org) is set.
    static func red(_ text: String, on descriptor: Int32 = STDERR_FILENO) -> String {
        let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isatty(descriptor) == 1 && !isPlain ? "\u{1b}[31m\(text)\u{1b}[0m" : text
    }

    static func say(_ text: String) {
        FileHandle.standardError.write(Data((fresh + text + "\n").utf8))
    }

    /// Asks for a line; nil at the end of the input.
    static func ask(_ prompt: String) -> String? {
        FileHandle.standardError.write(Data((fresh + prompt).utf8))
        return readLine()
    }
}
