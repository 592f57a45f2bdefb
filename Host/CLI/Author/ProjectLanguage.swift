import ArgumentParser

/// A language that plugins are built from with what the SDK holds.
enum ProjectLanguage: String, CaseIterable, ExpressibleByArgument {
    case c, cpp, rust, swift

    var title: String {
        switch self {
        case .c: "C"
        case .cpp: "C++"
        case .rust: "Rust"
        case .swift: "Swift"
        }
    }

    /// The end of its files' names.
    var suffix: String {
        switch self {
        case .c: "c"
        case .cpp: "cpp"
        case .rust: "rs"
        case .swift: "swift"
        }
    }

    /// The file of a new project.
    var firstSource: String {
        switch self {
        case .c, .cpp: "src/plugin." + suffix
        case .rust: "src/lib.rs"
        case .swift: "src/Plugin.swift"
        }
    }

    /// The variables of the environment that name another compiler and add flags, as make(1) has them.
    var variables: (compiler: String, flags: String) {
        switch self {
        case .c: ("CC", "CFLAGS")
        case .cpp: ("CXX", "CXXFLAGS")
        case .rust: ("RUSTC", "RUSTFLAGS")
        case .swift: ("SWIFTC", "SWIFTFLAGS")
        }
    }

    var compiler: String {
        switch self {
        case .c: "cc"
        case .cpp: "c++"
        case .rust: "rustc"
        case .swift: "swiftc"
        }
    }

    /// How to get the compiler, as the end of "install it: ...".
    var installation: String {
        switch self {
        case .c: "apt-get install gcc"
        case .cpp: "apt-get install g++"
        case .rust: "apt-get install rustc, or https://rustup.rs"
        case .swift: "https://www.swift.org/install/linux"
        }
    }
}
