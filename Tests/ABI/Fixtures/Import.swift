import CPraximous
import CPraximousExtras

func entry(_ function: @convention(c) (UInt32, UInt32) -> UnsafePointer<prax_plugin>?) -> Bool {
    guard let plugin = function(PRAX_ABI_MAJOR, PRAX_ABI_MINOR) else { return false }
    return plugin.pointee.magic == PRAX_MAGIC && plugin.pointee.size >= UInt32(MemoryLayout<prax_plugin>.size)
}

func ends(_ calls: prax_host_call, _ call: prax_call) -> prax_status {
    var writer = prax_json_writer()
    defer { prax_json_free(&writer) }
    prax_json_open(&writer, CChar(UInt8(ascii: "{")))
    prax_json_close(&writer, CChar(UInt8(ascii: "}")))
    let status = calls.finish(call, prax_json_text(&writer))
    return status == prax_status(PRAX_OK) ? status : calls.fail(call, status, prax_str(), prax_str(), prax_str(), 0)
}

let ids = [PRAX_IFACE_SKILL, PRAX_EXT_HOST_CALL, PRAX_EXT_HOST_LOG, PRAX_EXT_HOST_CONFIG]
