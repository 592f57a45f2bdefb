/// What one HTTP request may ask of the host.
///
/// Every limit is the operator's to change.
package struct HTTPLimits: Sendable {
    package var maxBodyBytes = 4 << 20
    package var maxHeaderBytes = 32 << 10
    package var maxHeaderCount = 100
    /// Arrays and objects inside one another in a JSON body.
    package var maxNesting = 128
    /// The time to send a whole body.
    package var bodySeconds = 30
    /// The time a connection may be silent.
    package var idleSeconds = 75
    /// Pages that may open a WebSocket, such as `https://ui.example.com`.
    package var allowedOrigins: [String] = []
    package var sessions = SessionLimits()
    /// The time a streamed answer may be silent before it is sent something that means nothing.
    package var heartbeatSeconds = 15
    /// Whether /docs and /openapi.json are shown without a key.
    package var isDocumentationPublic = false

    package init() {}
}
