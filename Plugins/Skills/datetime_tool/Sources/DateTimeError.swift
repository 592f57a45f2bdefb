/// Why a date and time could not be read or shown, in the words the original gateway's clients know.
struct DateTimeError: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }

    static let outOfRange = DateTimeError("date value out of range")
}
