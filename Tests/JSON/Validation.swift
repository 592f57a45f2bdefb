import PraximousJSON

/// Whether the validator accepts the bytes.
func validates(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> Bool {
    validationError(bytes, limits: limits) == nil
}

/// What the validator says against the bytes; nil when it accepts them.
func validationError(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
    bytes.withUnsafeBufferPointer { buffer in
        do throws(JSONError) {
            try JSON.validate(buffer, limits: limits)
            return nil
        } catch {
            return error
        }
    }
}
