import Glibc

// Regular expressions alone take half a minute over the repository in a debug build; so lines and files that cannot
// match are passed over by a plain search first.

extension SourceFile {
    /// The numbers, from 1, of the lines that hold one of the words and match.
    func lineNumbers(mentioning words: String..., where matches: (Substring) -> Bool) -> [Int] {
        let all = text[...]
        guard words.contains(where: all.mentions) else { return [] }
        return lines.enumerated()
            .filter { line in words.contains(where: line.element.mentions) && matches(line.element) }
            .map { $0.offset + 1 }
    }
}

extension Substring {
    /// Whether these bytes occur.
    func mentions(_ word: String) -> Bool {
        let wanted = Array(word.utf8)
        return utf8.withContiguousStorageIfAvailable { wanted.isFound(in: $0) } ?? contains(word)
    }
}

extension [UInt8] {
    fileprivate func isFound(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard var place = bytes.baseAddress, let first = self.first else { return isEmpty }
        let end = place + bytes.count
        while end - place >= count, let found = memchr(place, Int32(first), end - place - count + 1) {
            if memcmp(found, self, count) == 0 { return true }
            place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
        }
        return false
    }
}
