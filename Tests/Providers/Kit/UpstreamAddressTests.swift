import ProviderKit
import Testing

@Suite("A base URL")
struct UpstreamAddressTests {
    @Test(
        "is joined with a path",
        arguments: [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/models"),
            ("https://api.openai.com/v1/", "https://api.openai.com/v1/models"),
            (" http://127.0.0.1:8080 ", "http://127.0.0.1:8080/models"),
            ("http://h/v1/models", "http://h/v1/models"), ("http://h/v1?k=1", "http://h/v1/models?k=1"),
        ]
    )
    func joined(base: String, url: String) { #expect(UpstreamAddress(base)?.joined("/models") == url) }

    @Test("keeps its query beside another")
    func queries() {
        #expect(UpstreamAddress("http://h/a?k=1")?.joined("/b", query: "v=2") == "http://h/a/b?k=1&v=2")
        #expect(UpstreamAddress.escaped("gpt 4/o?é") == "gpt%204%2Fo%3F%C3%A9")
    }

    @Test(
        "tells its host",
        arguments: [("https://Res.OpenAI.Azure.com:443/x", "res.openai.azure.com"), ("http://a", "a")]
    )
    func host(base: String, host: String) { #expect(UpstreamAddress(base)?.host == host) }

    @Test(
        "has a scheme of the web and a host",
        arguments: ["", "api.openai.com", "ftp://h", "http://", "http:///v1", "https:/h"]
    )
    func refused(text: String) { #expect(UpstreamAddress(text) == nil) }
}
