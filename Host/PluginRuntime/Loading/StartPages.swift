import CLinux

/// The pages of code and constants that a process has touched while it started.
package enum StartPages {
    /// Gives those of the program and of the libraries it is linked with back to the page cache.
    ///
    /// It returns those that are used again, a minor fault for each 64 KiB; the rest is half of what an idle host would
    /// have resident, and most of an idle worker. Takes less than a millisecond.
    package static func leave() { prax_leave_start_pages() }
}
