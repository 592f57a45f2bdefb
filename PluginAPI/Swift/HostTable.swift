/// A whole copy of a sized table from the host, with zero where the host's own is shorter.
///
/// A zeroed function pointer imports as nil, so after this one check of the size every use is an optional call. Tables
/// hold 8-byte members behind a 32-bit size; a size that ends inside a member is cut before it.
func copyOfTable<Table>(_ table: UnsafeRawPointer?, as type: Table.Type = Table.self) -> Table {
    withUnsafeTemporaryAllocation(
        byteCount: MemoryLayout<Table>.size,
        alignment: MemoryLayout<Table>.alignment
    ) { copy in
        copy.initializeMemory(as: UInt8.self, repeating: 0)
        if let table {
            let filled = Int(table.loadUnaligned(as: UInt32.self))
            let whole = min(filled, copy.count) / MemoryLayout<UInt64>.size * MemoryLayout<UInt64>.size
            copy.copyMemory(from: UnsafeRawBufferPointer(start: table, count: whole))
        }
        return copy.load(as: Table.self)
    }
}
