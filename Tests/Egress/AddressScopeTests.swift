import Egress
import Testing

@Suite("Address scopes")
struct AddressScopeTests {
    @Test(
        "are read from literal addresses in every spelling",
        arguments: [
            ("8.8.8.8", AddressScope.publicInternet), ("127.0.0.1", .loopback), ("127.1", .loopback),
            ("2130706433", .loopback), ("0x7f000001", .loopback), ("0.0.0.0", .loopback), ("localhost", .loopback),
            ("10.1.2.3", .privateNetwork), ("172.31.255.255", .privateNetwork), ("172.32.0.1", .publicInternet),
            ("192.168.1.1", .privateNetwork), ("100.64.0.1", .privateNetwork), ("169.254.169.254", .linkLocal),
            ("[::1]", .loopback), ("[fe80::1%25eth0]", .linkLocal), ("[fd00::1]", .privateNetwork),
            ("[::ffff:169.254.169.254]", .linkLocal), ("[64:ff9b::a00:1]", .privateNetwork),
            ("[2606:4700::1111]", .publicInternet), ("224.0.0.1", .reserved), ("255.255.255.255", .reserved),
            ("198.18.0.1", .privateNetwork), ("[::]", .loopback), ("[::127.0.0.1]", .loopback),
            ("[ff02::1]", .reserved),
            ("[2002:7f00:1::]", .loopback), ("[2002:808:808::]", .publicInternet), ("[fec0::1]", .privateNetwork),
            ("169.254.169.254.", .linkLocal), ("2852039166.", .linkLocal), ("0xA9FEA9FE.", .linkLocal),
            ("0251.0376.0251.0376.", .linkLocal), ("[::ffff:a9fe:a9fe]", .linkLocal), ("LOCALHOST.", .loopback),
            ("[64:ff9b:1::1]", .privateNetwork), ("[64:ff9b::a9fe:a9fe]", .linkLocal),
        ]
    )
    func literals(_ host: String, _ scope: AddressScope) { #expect(AddressScope(host: host) == scope) }

    @Test("of names are not known before they are resolved")
    func names() { #expect(AddressScope(host: "skills.example.org") == nil) }

    @Test(
        "let a redirect lead outwards, never inwards",
        arguments: [
            (AddressScope.publicInternet, AddressScope.publicInternet, true), (.publicInternet, .privateNetwork, false),
            (.publicInternet, .loopback, false), (.publicInternet, .linkLocal, false),
            (.privateNetwork, .privateNetwork, true), (.privateNetwork, .loopback, false),
            (.privateNetwork, .linkLocal, false), (.loopback, .privateNetwork, true), (.loopback, .linkLocal, false),
            (.loopback, .publicInternet, true), (.linkLocal, .linkLocal, true),
        ]
    )
    func redirects(_ from: AddressScope, _ to: AddressScope, _ isAllowed: Bool) {
        #expect(from.mayRedirect(to: to) == isAllowed)
    }
}
