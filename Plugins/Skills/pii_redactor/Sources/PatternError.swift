/// Why a pattern of the caller's is refused.
///
/// The pattern itself is never repeated: it may hold what is to be hidden.
enum PatternError: Error, Equatable {
    case tooLong(limit: Int)
    case tooComplex(limit: Int)
    case nestedTooDeep(limit: Int)
    case unsupported(construct: String, position: Int)
    case malformed(problem: String, position: Int)

    var description: String {
        switch self {
        case .tooLong(let limit): "is longer than \(limit) characters; split it into several patterns"
        case .tooComplex(let limit):
            "needs more than \(limit) states; use fewer or smaller counted repetitions"
        case .nestedTooDeep(let limit): "nests groups more than \(limit) deep; flatten it"
        case .unsupported(let construct, let position):
            "uses \(construct) at character \(position), which is not supported"
        case .malformed(let problem, let position): "is malformed at character \(position): \(problem)"
        }
    }
}
