/// libFuzzer's entry: the parser and the validator must agree on every text, and what was parsed must read back equal.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let parsed = Result { () throws(JSONError) in try JSON.parse(bytes) }
    let validated = Result { () throws(JSONError) in try JSON.validate(bytes) }
    switch (parsed, validated) {
    case (.success(let value), .success):
        let again = try? JSON.parse(value.encoded())
        precondition(again == value, "what was written reads back as something else")
    case (.failure(let error), .success):
        precondition(
            error.reason == .duplicateKey || error.reason == .tooManyValues,
            "only the parser refused: \(error)"
        )
    case (.success, .failure(let error)): preconditionFailure("only the validator refused: \(error)")
    case (.failure, .failure): break
    }
    return 0
}
