import Foundation

/// The header lines of a message (RFC 5322) that libcurl does not write itself.
///
/// No text of a caller's can end a line: addresses are plain by their type, and a subject with control characters is
/// refused before anything is sent.
struct MailHeader {
    let sender: MailAddress
    let recipients: [MailAddress]
    let subject: String
    let date: Date
    let messageID: String

    /// Without line ends.
    func lines() throws(MailError) -> [String] {
        guard subject.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control && $0 != "\u{2028}" }),
            !subject.unicodeScalars.contains("\u{2029}")
        else { throw .subjectInvalid }
        return [
            "Date: \(Self.dateFormat.format(date))",
            "From: <\(sender)>",
            "To: " + recipients.map { "<\($0)>" }.joined(separator: ",\r\n "),
            "Subject: " + Self.encoded(subject),
            "Message-ID: <\(messageID)@\(sender.domain)>",
            "Auto-Submitted: auto-generated",
        ]
    }

    /// Always as encoded words (RFC 2047): whatever is in it, no reader can take a part of it for something else.
    ///
    /// A word holds 45 bytes of text, so that a line stays below 78.
    static func encoded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { 0x20...0x7e ~= $0 } && !text.contains("=?") && text.utf8.count <= 60
        if isPlain { return text }
        var words: [String] = []
        var word = ""
        for character in text.unicodeScalars {
            if word.utf8.count + UTF8.width(character) > 45 {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(character)
        }
        words.append(word)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static let dateFormat = Date.VerbatimFormatStyle(
        format: """
            \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
            \(second: .twoDigits) +0000
            """,
        locale: Locale(identifier: "en_US_POSIX"),
        timeZone: .gmt,
        calendar: Calendar(identifier: .gregorian)
    )
}
