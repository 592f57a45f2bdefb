/// What the readers of events throw, without the rest of the plugins' SDK.
package struct SkillFailure: Error {
    let message: String

    static func badAnswer(_ what: String) -> SkillFailure { SkillFailure(message: what) }
}
