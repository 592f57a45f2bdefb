import PraximousJSON
import PraximousPlugin

/// A number to calculate with.
enum Operand {
    /// The most digits of one number: the exact product of two such still takes a few milliseconds.
    static let maxDigits = 10_000

    case integer(BigInteger)
    case fraction(Double)

    init(_ value: JSON) throws(SkillFailure) {
        switch value {
        case .bool(let flag): self = .integer(BigInteger(flag ? 1 : 0))
        case .number(let number): self = try Operand(number)
        default: throw SkillFailure("Input error", details: "Expected a number, found \(value.typeName).")
        }
    }

    private init(_ number: JSONNumber) throws(SkillFailure) {
        guard number.text.utf8.count <= Self.maxDigits else {
            throw SkillFailure(
                "Input error",
                details: "A number may have at most \(Self.maxDigits) digits, found \(number.text.utf8.count)."
            )
        }
        if number.isInteger, let integer = BigInteger(decimal: number.text) {
            self = .integer(integer)
        } else {
            self = .fraction(try number.doubleValue.finite())
        }
    }

    /// The nearest double.
    func double() throws(SkillFailure) -> Double {
        switch self {
        case .integer(let integer): try integer.dividedAsDouble(by: BigInteger(1)).finite()
        case .fraction(let value): value
        }
    }

    var isZero: Bool {
        switch self {
        case .integer(let integer): integer.isZero
        case .fraction(let value): value == 0
        }
    }
}

extension Double {
    /// This value; a failure when it left the range of a double.
    func finite() throws(SkillFailure) -> Double {
        if isFinite { return self }
        throw SkillFailure("Math error", details: "The result is too large.")
    }
}
