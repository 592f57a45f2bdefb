import Glibc

/// Sends on what was printed.
func flushLines() { fflush(nil) }
