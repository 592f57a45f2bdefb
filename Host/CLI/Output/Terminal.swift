import Foundation

/// Standard error for people: progress, warnings and questions.
///
/// Standard output is for results alone.
enum Terminal {
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// On a terminal the line is cleared first: a progress bar may stand on it.
    private static let fresh = isatty(STDERR_FILENO) == 1 ? "\r\u{1b}[K" : ""

    static func say(_ text: String) {
        FileHandle.standardError.write(Data((fresh + text + "\n").utf8))
    }

    /// Asks for a line; nil at the end of the input.
    static func ask(_ prompt: String) -> String? {
        FileHandle.standardError.write(Data((fresh + prompt).utf8))
        return readLine()
    }
}
