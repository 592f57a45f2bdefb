import CPraximous
import PraximousJSON
import PraximousPlugin
import TestSupport
import Testing

@Suite("The table a library hands to the host")
struct PluginTableTests {
    @Test("describes the plugin before an instance exists")
    func description() throws {
        let table = try #require(probe.table(1, 0)).assumingMemoryBound(to: prax_plugin.self).pointee

        #expect(table.magic == PRAX_MAGIC)
        #expect(table.size == UInt32(MemoryLayout<prax_plugin>.size))
        #expect(table.abi_major == 1)
        #expect(text(table.id) == "praximous/probe")
        #expect(text(table.version) == "1.2.3")
        #expect(text(table.build) == "test")
        #expect(table.flags == UInt32(PRAX_F_CONCURRENT) | UInt32(PRAX_F_RELOADABLE))
        #expect(table.create != nil && table.get_interface != nil && table.destroy != nil)
    }

    @Test("has the same address each time")
    func address() { #expect(probe.table(1, 0) == probe.table(1, 7)) }

    @Test("is withheld from a host of another generation", arguments: [0, 2, UInt32.max])
    func otherGeneration(major: UInt32) { #expect(probe.table(major, 0) == nil) }

    @Test("asks for one call at a time when the skill does")
    func serialFlag() throws {
        let table = try #require(serial.table(1, 0)).assumingMemoryBound(to: prax_plugin.self).pointee
        #expect(table.flags == UInt32(PRAX_F_RELOADABLE))
        #expect(text(table.build) == nil)
    }

    @Test("offers the skill interface and no other")
    func interfaces() throws {
        let driver = try PluginDriver(probe.table(1, 0))
        #expect(driver.interface("prax.skill/1") != nil)
        #expect(driver.interface("prax.skill/1") == driver.interface("prax.skill/1"))
        #expect(driver.interface("prax.provider/1") == nil)
        #expect(driver.interface("") == nil)
    }

    @Test("leaves the description of the operations to the manifest")
    func describesNothing() throws {
        let driver = try PluginDriver(probe.table(1, 0))
        #expect(driver.skill?.pointee.describe != nil)
        #expect(driver.describe() == nil)
    }

    @Test("makes instances of the type it was built for, side by side")
    func severalTypes() throws {
        let first = try PluginDriver(probe.table(1, 0))
        let second = try PluginDriver(serial.table(1, 0))
        #expect(second.call("run", [:]).result == "run")
        #expect(first.call("run", [:]).failure?.message == "Unsupported Operation")
    }

    @Test("reports why an instance could not be made")
    func failedCreation() {
        var options = FakeHost.Options()
        options.config["/broken"] = "true"
        #expect {
            try PluginDriver(probe.table(1, 0), host: FakeHost(options))
        } throws: {
            ($0 as? PluginDriver.LoadError)?.description == "The configuration is broken."
        }
    }

    private func text(_ borrowed: prax_str) -> String? {
        borrowed.ptr.map {
            String(decoding: UnsafeRawBufferPointer(start: $0, count: borrowed.len), as: UTF8.self)
        }
    }
}
