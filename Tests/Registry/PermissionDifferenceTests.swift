import Core
import Testing

@testable import Registry

@Suite("The difference of permissions")
struct PermissionDifferenceTests {
    private static let http = Permission.networkHTTP(hosts: ["a.example"], methods: ["GET"])
    private static let wider = Permission.networkHTTP(hosts: ["a.example"], methods: ["GET", "POST"])
    private static let values = Permission.storageKV(quotaBytes: 1 << 20)

    @Test("is told in words: new, wider, narrower, gone")
    func words() {
        func sentences(_ old: [Permission], _ new: [Permission]) -> [String] {
            PermissionDifference(from: old, to: new).changes.map(\.sentence)
        }
        #expect(sentences([], [Self.http]) == ["new: Send GET requests to a.example"])
        #expect(
            sentences([Self.http], [Self.wider])
                == ["widened: Send GET and POST requests to a.example (before: Send GET requests to a.example)"]
        )
        #expect(
            sentences([Self.wider], [Self.http])
                == ["narrowed: Send GET requests to a.example (before: Send GET and POST requests to a.example)"]
        )
        #expect(
            sentences([Self.http, Self.values], [Self.http])
                == ["no longer: Keep up to 1 MiB in a key-value store of its own"]
        )
        #expect(sentences([Self.http], [Self.http]).isEmpty)
    }
}
