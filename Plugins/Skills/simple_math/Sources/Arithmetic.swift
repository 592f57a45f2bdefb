import PraximousJSON
import PraximousPlugin

/// The operations, named as clients write them.
enum Arithmetic: String {
    case add, subtract, multiply, divide

    /// Integers give an exact integer, except that a quotient is always a double; a double on either side gives one.
    func apply(_ first: Operand, _ second: Operand) throws(SkillFailure) -> JSONNumber {
        if self == .divide && second.isZero { throw SkillFailure("Math error", details: "Cannot divide by zero.") }
        if case .integer(let first) = first, case .integer(let second) = second {
            return try integer(first, second)
        }
        return try number(of: fraction(try first.double(), try second.double()))
    }

    private func integer(_ first: BigInteger, _ second: BigInteger) throws(SkillFailure) -> JSONNumber {
        switch self {
        case .add: try number(spelled: (first + second).description)
        case .subtract: try number(spelled: (first - second).description)
        case .multiply: try number(spelled: (first * second).description)
        case .divide: try number(of: first.dividedAsDouble(by: second))
        }
    }

    private func fraction(_ first: Double, _ second: Double) -> Double {
        switch self {
        case .add: first + second
        case .subtract: first - second
        case .multiply: first * second
        case .divide: first / second
        }
    }

    private func number(of value: Double) throws(SkillFailure) -> JSONNumber {
        try number(spelled: try value.finite().shortestText)
    }

    private func number(spelled text: String) throws(SkillFailure) -> JSONNumber {
        guard let number = JSONNumber(text) else {
            throw SkillFailure("Math error", details: "\(text) is not a number.", status: .internalError)
        }
        return number
    }
}

extension Double {
    /// The shortest text that reads back as this value, with an exponent from 1e16 on.
    ///
    /// Swift's own text starts the exponent at 2^54, which would make the text of equal sums depend on who adds them.
    fileprivate var shortestText: String {
        let text = description
        guard magnitude >= 1e16, !text.contains("e"), let point = text.firstIndex(of: ".") else { return text }
        let digits = text[..<point].drop { $0 == "-" }
        var tail = String(digits.dropFirst())
        while tail.last == "0" { tail.removeLast() }
        return (self < 0 ? "-" : "") + digits.prefix(1) + (tail.isEmpty ? "" : "." + tail) + "e+\(digits.count - 1)"
    }
}
