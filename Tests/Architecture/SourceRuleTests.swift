import TestSupport
import Testing

@Suite("The sources hold no") struct SourceRuleTests {
    @Test("such thing", arguments: SourceRule.all)
    func holds(_ rule: SourceRule) throws {
        for folder in rule.folders {
            for suffix in rule.suffixes {
                let files = try SourceFile.below(folder, suffixes: suffix)
                #expect(files.flatMap { rule.violations(in: $0) } == [])
            }
        }
    }

    @Test("such thing unnoticed", arguments: SourceRule.all)
    func selfTest(_ rule: SourceRule) {
        for text in rule.bad {
            #expect(rule.violations(in: SourceFile(path: "Made", text: text)).count == 1, "\(text.prefix(80))")
        }
        #expect(rule.violations(in: SourceFile(path: "Made", text: rule.good)) == [])
    }
}
