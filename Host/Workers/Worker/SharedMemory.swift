import CLinux
import Glibc

/// A sealed memory file, mapped as long as somebody holds this.
///
/// @unchecked Sendable: nobody can write to it any more, and the pointer never changes.
final class SharedMemory: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    /// Takes the descriptor over; nil when it is not sealed or cannot be mapped.
    init?(_ descriptor: Int32) {
        defer { close(descriptor) }
        var info = stat()
        guard prax_is_sealed(descriptor) == 1, fstat(descriptor, &info) == 0, info.st_size > 0 else { return nil }
        let size = Int(info.st_size)
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            return nil
        }
        bytes = UnsafeRawBufferPointer(start: memory, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
