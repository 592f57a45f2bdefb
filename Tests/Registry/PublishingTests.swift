import Core
import Foundation
import PraximousJSON
import Testing

@testable import Registry

@Suite("Publishing")
struct PublishingTests {
    @Test("the same trees twice gives the same bytes")
    func reproducible() throws {
        let stores = try [TestStore(), TestStore()]
        for store in stores {
            var package = TestPackage()
            package.others += [
                ("share/b", [2]), ("share/a", [1]), ("share/" + String(repeating: "n", count: 120), [3]),
            ]
            try store.add(package)
            try store.publish()
        }
        let names = stores[0].folder.names(below: "out")
        #expect(names.contains("registry/skills.json.sig"))
        #expect(names == stores[1].folder.names(below: "out"))
        for name in names where !name.hasSuffix("registry") && !name.hasSuffix("packages") {
            #expect(try stores[0].folder.read("out/" + name) == stores[1].folder.read("out/" + name), "\(name)")
        }
    }

    @Test("keeps older versions and packages in the index while their files are there")
    func merging() throws {
        let store = try TestStore()
        try store.add(TestPackage())
        try store.publish()
        try FileManager.default.removeItem(atPath: store.folder.path + "/sources")
        var newer = TestPackage()
        newer.version = "1.1.0"
        try store.add(newer)
        try store.publish(version: 2)
        var other = TestPackage()
        (other.name, other.taskType) = ("bob/other", "other")
        try FileManager.default.removeItem(atPath: store.folder.path + "/sources")
        try store.add(other)
        try store.publish(version: 3)
        var reader = IndexReader()
        let index = try reader.read(store.folder.read("out/skills.json"))
        #expect(index.packages.map(\.name.description) == ["acme/hello", "bob/other"])
        #expect(index.packages.first?.versions.map(\.version.description) == ["1.1.0", "1.0.0"])
    }

    @Test("leaves sources behind and refuses links")
    func trees() throws {
        let store = try TestStore()
        try store.add(TestPackage())
        let path = store.folder.path + "/sources/acme-hello-1.0.0"
        try store.folder.write("sources/acme-hello-1.0.0/Sources/main.c", "int x;")
        #expect(try PackageTree(path).leftOut == ["Sources"])
        symlink("/etc/passwd", path + "/lib/link")
        let error = #expect(throws: RegistryError.self) { try PackageTree(path) }
        #expect(error?.code == "not_packable")
    }

    @Test("signs the bytes PRAX1, the role and the body, with their lengths")
    func signedBytes() throws {
        #expect(SignedRole.index.signedBytes(of: Array("{}".utf8)) == Array("PRAX1 5 index 2 {}".utf8))
    }

    @Test("has the official key under the id that is published")
    func officialKey() throws { #expect(OfficialStore.key?.id == "6afb2a8202a31923") }

    @Test(
        "reads and writes times as the index does",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2000-02-29T12:34:56Z", 951_827_696),
            ("2026-11-23T00:00:00Z", 1_795_392_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ]
    )
    func times(_ text: String, _ seconds: Int64) {
        #expect(Timestamp(text)?.seconds == seconds)
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test(
        "takes no time that is none",
        arguments: ["", "2026-13-01", "2026-11-23T24:00:00Z", "2026-11-23 00:00:00Z", "soon"]
    )
    func noTimes(_ text: String) { #expect(Timestamp(text) == nil) }
}
