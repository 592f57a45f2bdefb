import CSeccomp

/// What becomes of one system call, always or on a condition.
struct CallRule: Sendable {
    enum Answer: Sendable, Hashable {
        /// It fails with this error number.
        case refuse(Int32)
        /// Landlock decides; the host looks at the path, to report what Landlock will refuse.
        case look
    }

    /// A condition on one argument.
    ///
    /// The registers of a waiting thread cannot be changed by another, memory can: so nothing is decided by what an
    /// argument points at.
    struct Condition: Sendable {
        let argument: UInt32
        let comparison: scmp_compare
        let first: UInt64
        var second: UInt64 = 0

        /// All 64 bits, which is right for a process number: whoever sets the upper ones is not served.
        static func isNot(_ argument: UInt32, _ value: UInt64) -> Condition {
            Condition(argument: argument, comparison: SCMP_CMP_NE, first: value)
        }

        static func masked(_ argument: UInt32, _ mask: UInt64, is value: UInt64) -> Condition {
            Condition(argument: argument, comparison: SCMP_CMP_MASKED_EQ, first: mask, second: value)
        }

        /// As the kernel's filter finds it.
        func holds(for arguments: [UInt64]) -> Bool {
            let value = arguments[Int(argument)]
            return comparison == SCMP_CMP_NE ? value != first : value & first == second
        }

        /// The 32 bits that the kernel looks at.
        static func word(_ argument: UInt32, is value: UInt32) -> Condition {
            masked(argument, 0xFFFF_FFFF, is: UInt64(value))
        }
    }

    /// The kernel's name.
    ///
    /// One that this architecture does not have is skipped.
    let call: String
    let answer: Answer
    let what: Denial.Attempt
    /// All of them must hold.
    var conditions: [Condition] = []
    /// Whether the host is told.
    ///
    /// Not for what well-behaved libraries try and do without.
    var isReported = true
    /// Which argument tells what it was about.
    var subject = Subject.none

    func applies(to arguments: [UInt64]) -> Bool { conditions.allSatisfy { $0.holds(for: arguments) } }

    /// Where a call says what it is about: numbers are those of arguments.
    enum Subject: Sendable, Hashable {
        case none
        case path(Int, folder: Int? = nil)
        case twoPaths(from: Int, folder: Int?, to: Int, itsFolder: Int?)
        case process(Int)
        case socket
    }
}
