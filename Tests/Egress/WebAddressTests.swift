import Testing

@testable import Egress

@Suite("An address") struct WebAddressTests {
    @Test("of a file gives back the path it was made from", arguments: ["/srv/a b/ü%2F#?.json", "/skills.json"])
    func roundTrip(_ path: String) throws {
        #expect(try WebAddress(filePath: path).filePath == path)
    }

    @Test("of a server has no path on this machine")
    func remote() throws {
        #expect(try WebAddress("https://a.example/skills.json").filePath == nil)
    }
}
