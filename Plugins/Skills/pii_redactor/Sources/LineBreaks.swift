/// Where a number runs over the end of a line or into the next cell of a table.
extension FoldedText {
    /// A tab, or the characters that end a line, of which `\r\n` is one end.
    func breakEnd(_ index: Int) -> Int? {
        switch scalar(index) {
        case 0x0D: self.is(index + 1, "\n") ? index + 2 : index + 1
        case 0x09...0x0C, 0x85, 0x2028, 0x2029: index + 1
        default: nil
        }
    }

    /// Spaces allowed beside a break in all: the indentation of the next line.
    static let maxSpacesAtBreak = 8
}
