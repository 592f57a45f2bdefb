import ProviderKit
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private static let then = 784_111_777

    @Test(
        "is read as seconds, as milliseconds and as a date, and bounded",
        arguments: [
            (nil, "3", 3000), (nil, "0", 0), (nil, "1.5", 1500), (nil, "-3", 0), (nil, "", 0), (nil, "soon", 0),
            (nil, "nan", 0), (nil, "inf", 0), (nil, "1e30", 86_400_000), (nil, "999999999999", 86_400_000),
            ("250", "3", 250), ("0.2", nil, 1), ("x", "2", 2000), (nil, nil, 0),
            (nil, "Sun, 06 Nov 1994 08:49:47 GMT", 10_000), (nil, "Sun, 06 Nov 1994 08:49:07 GMT", 0),
            (nil, "Sun, 06 Nov 1999 08:49:07 GMT", 86_400_000), (nil, "Sun, 06 Xxx 1994 08:49:47 GMT", 0),
            (nil, "Sun, 06 Nov 1994 99:49:47 GMT", 0),
        ] as [(String?, String?, UInt32)]
    )
    func forms(milliseconds: String?, seconds: String?, expected: UInt32) {
        #expect(RetryAfter.milliseconds(milliseconds, seconds, now: Self.then) == expected)
    }

    @Test(
        "counts the days of leap years",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ]
    )
    func dates(text: String, seconds: Int) { #expect(HTTPDate.seconds(text) == seconds) }
}
