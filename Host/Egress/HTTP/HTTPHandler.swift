/// Who hears of a transfer, on one of the client's threads, one event at a time.
///
/// Other transfers wait meanwhile: return soon, never block.
package protocol HTTPHandler: AnyObject, Sendable {
    /// The final head, at most once; interim responses and redirects that are followed do not show.
    func head(status: Int, fields: [HTTPField])
    /// A piece of the body, cut anywhere, borrowed until this returns.
    func body(_ piece: UnsafeRawBufferPointer)
    /// Exactly once, last; nil only when the body was complete.
    func end(_ error: HTTPError?)
}
