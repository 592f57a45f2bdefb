import Core

/// What is wrong with a tar at one place, in words that fit after "the package is refused: ".
struct TarFlaw: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The refusal, with the name of the member where that is not said yet.
    ///
    /// `block` is the header there, `position` its number from 1; a name is taken as it stands, however wrong.
    func refusal(at block: [UInt8], position: Int) -> RegistryError {
        let name = String(decoding: block.prefix(100).prefix { $0 != 0 }, as: UTF8.self).quotedForMessage()
        return .archive(reason.contains(name) ? reason : "\(reason), at \(name), entry \(position) of the tar")
    }
}
