import Foundation
import TestSupport
import Testing

@Suite("Plugins restart") struct PluginRestartTests {
    private static let config = "isolation: { bundled: process }\n"

    private static func openDescriptors(_ host: RunningHost) throws -> Int {
        let id = try #require(host.processID)
        return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count
    }

    @Test("leaves nothing of the workers before behind")
    func descriptors() async throws {
        try await RunningHost.with(config: Self.config) { host async throws in
            #expect(try await host.cli(["plugins", "restart", "praximous/echo"]).exitCode == 0)
            let before = try Self.openDescriptors(host)
            for _ in 0..<10 { #expect(try await host.cli(["plugins", "restart", "praximous/echo"]).exitCode == 0) }
            // The last worker may still be on its way out.
            var after = try Self.openDescriptors(host)
            for _ in 0..<100 where after > before {
                try await Task.sleep(for: .milliseconds(20))
                after = try Self.openDescriptors(host)
            }
            #expect(after <= before)
        }
    }

    @Test("answers everybody who asks at the same moment")
    func together() async throws {
        try await RunningHost.with(config: Self.config) { host async throws in
            let codes = try await withThrowingTaskGroup(of: Int32?.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await host.cli(["plugins", "restart", "praximous/echo"]).exitCode }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == [0, 0, 0, 0])
        }
    }
}
