import CLinux

/// What a worker may read whatever its plugin: the libraries, and the few files they look at.
///
/// Nothing below /proc: a library is loaded from `/proc/self/fd/N`, which Landlock judges by the file behind it, and
/// the folder of another process, the host's environment in it, is never to be seen. One's own cannot be granted, for
/// the kernel may forget its inode and make another.
enum SystemPaths {
    /// Read, with all that is in them.
    static let readable =
        [
            "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache",
            // Without these Foundation's TimeZone is nil.
            "/usr/share/zoneinfo", "/etc/localtime", "/etc/timezone",
            "/dev/urandom", "/dev/random", "/dev/zero",
            // How many processors there are, for malloc and for Swift's threads.
            "/sys/devices/system/cpu",
        ] + swiftRuntime

    /// Written, too.
    static let writable = ["/dev/null"]

    /// Where the Swift runtime of this process lies: Foundation and others may still have to be loaded from there.
    private static let swiftRuntime: [String] = {
        var path = [CChar](repeating: 0, count: 4096)
        guard prax_find_library("libswiftCore.so", &path, path.count) != 0 else { return [] }
        let text = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.lastIndex(of: "/").map { [String(text[..<$0])] } ?? []
    }()
}
