// The pattern language: its tree and its parser. Positions in messages count characters from 0.
#pragma once

#include <common/skill.hpp>
#include <common/utf8.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace regex {

inline constexpr std::size_t max_pattern_characters = 4096;
inline constexpr int max_group_depth = 60;
inline constexpr int max_groups = 64;
inline constexpr int max_repeat = 1000;
inline constexpr int unlimited = -1;

struct Flags {
    bool ignore_case = false, multiline = false, dot_all = false;
};

struct CharacterSet {
    std::vector<std::pair<char32_t, char32_t>> ranges;
    bool negated = false;

    bool contains(char32_t c) const {
        for (const auto &[low, high] : ranges) if (c >= low && c <= high) return true;
        return false;
    }
};

struct Tree {
    enum class Kind { empty, literal, any, set, start, end, text_start, text_end, boundary, not_boundary, group,
        concat, either, repeat } kind = Kind::empty;
    char32_t literal = 0;
    std::size_t set = 0;
    int group = 0;
    int least = 0, most = 0;
    bool lazy = false;
    std::vector<Tree> children;
};

inline bool is_word(char32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
    c == '_'; }

// One-to-one case pairs of ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic.
inline char32_t lower(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE) return c == 0xD7 ? c : c + 32;
    if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 1 ? c + 1 : c;
    if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

inline char32_t upper(char32_t c) {
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    if (c >= 0xE0 && c <= 0xFE) return c == 0xF7 ? c : c - 32;
    if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c & ~char32_t{1};
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 0 ? c - 1 : c;
    if (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) return c - 32;
    if (c >= 0x430 && c <= 0x44F) return c - 32;
    if (c >= 0x450 && c <= 0x45F) return c - 80;
    return c;
}

struct Pattern {
    Tree tree;
    std::vector<CharacterSet> sets;
    std::vector<std::string> names;  // by group number; empty for a group without a name
};

class Parser {
  public:
    explicit Parser(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto next = utf8::decode(text, at);
            text_ += next.code == utf8::invalid ? U'\uFFFD' : next.code;
            at += next.length;
        }
        if (text_.size() > max_pattern_characters) refuse("it is longer than " +
            std::to_string(max_pattern_characters) + " characters");
    }

    Pattern parse() {
        pattern_.names.emplace_back();
        pattern_.tree = either();
        if (at_ < text_.size()) refuse("')' closes no group");
        return std::move(pattern_);
    }

  private:
    std::u32string text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    Pattern pattern_;

    [[noreturn]] void refuse(const std::string &why) const {
        skill::reject("invalid_pattern", "The pattern is not valid.", "At character " + std::to_string(at_) + ": " +
            why + ".");
    }

    [[noreturn]] void unsupported(const std::string &what) const {
        skill::reject("unsupported_pattern", "The pattern uses something this engine does not offer.",
                      "At character " + std::to_string(at_) + ": " + what +
                          ". Matching takes linear time, which rules this out.");
    }

    bool more() const { return at_ < text_.size(); }
    char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
    bool take(char32_t c) { return more() && text_[at_] == c ? (++at_, true) : false; }
    bool take(std::u32string_view word) {
        if (text_.compare(at_, word.size(), word) != 0) return false;
        at_ += word.size();
        return true;
    }

    static Tree leaf(Tree::Kind kind) {
        Tree tree;
        tree.kind = kind;
        return tree;
    }

    Tree either() {
        Tree all = leaf(Tree::Kind::either);
        do all.children.push_back(concat());
        while (take(U'|'));
        return all.children.size() == 1 ? std::move(all.children.front()) : std::move(all);
    }

    Tree concat() {
        Tree all = leaf(Tree::Kind::concat);
        while (more() && peek() != '|' && peek() != ')') all.children.push_back(repeat());
        return all;
    }

    Tree repeat() {
        Tree item = atom();
        int least = 0, most = 0;
        const std::size_t before = at_;
        if (!quantifier(least, most)) return item;
        const bool assertion = item.kind >= Tree::Kind::start && item.kind <= Tree::Kind::not_boundary;
        if (assertion) {
            at_ = before;
            refuse("an anchor cannot be repeated");
        }
        Tree tree = leaf(Tree::Kind::repeat);
        tree.least = least;
        tree.most = most;
        tree.lazy = take(U'?');
        tree.children.push_back(std::move(item));
        if (peek() == '+' && more()) unsupported("possessive quantifiers");
        const std::size_t after = at_;
        if (quantifier(least, most)) {
            at_ = after;
            refuse("a quantifier follows a quantifier");
        }
        return tree;
    }

    bool quantifier(int &least, int &most) {
        if (take(U'*')) return least = 0, most = unlimited, true;
        if (take(U'+')) return least = 1, most = unlimited, true;
        if (take(U'?')) return least = 0, most = 1, true;
        const std::size_t before = at_;
        if (!take(U'{')) return false;
        int low = 0, high = unlimited;
        const bool has_low = number(low);
        if (!has_low && peek() != ',') return at_ = before, false;  // `{` stands for itself
        if (!take(U',')) high = low;
        else if (!number(high)) high = unlimited;
        if (!take(U'}') || (!has_low && high == unlimited)) return at_ = before, false;
        if (high != unlimited && high < low) refuse("the counts are the wrong way round");
        least = low;
        most = high;
        return true;
    }

    bool number(int &value) {
        const std::size_t start = at_;
        int read = 0;
        while (peek() >= '0' && peek() <= '9') {
            read = read * 10 + static_cast<int>(text_[at_++] - '0');
            if (read > max_repeat) refuse("a count is larger than " + std::to_string(max_repeat));
        }
        if (at_ > start) value = read;
        return at_ > start;
    }

    Tree atom() {
        const char32_t c = text_[at_++];
        switch (c) {
            case '.': return leaf(Tree::Kind::any);
            case '^': return leaf(Tree::Kind::start);
            case '$': return leaf(Tree::Kind::end);
            case '(': return group();
            case '[': return character_class();
            case '\\': return escape();
            case '*': case '+': case '?': --at_; refuse("nothing to repeat");
            default: return literal(c);
        }
    }

    static Tree literal(char32_t c) {
        Tree tree = leaf(Tree::Kind::literal);
        tree.literal = c;
        return tree;
    }

    Tree group() {
        if (++depth_ > max_group_depth) refuse("groups nest deeper than " + std::to_string(max_group_depth));
        int number = 0;
        if (take(U"?:")) {
        } else if (take(U"?P<") || (peek() == '?' && peek(1) == '<' && peek(2) != '=' && peek(2) != '!' &&
            take(U"?<"))) {
            number = capture(name());
        } else if (peek() == '?' && more()) {
            refuse_special_group();
        } else {
            number = capture({});
        }
        Tree tree = leaf(Tree::Kind::group);
        tree.group = number;
        tree.children.push_back(either());
        if (!take(U')')) refuse("a group is not closed");
        --depth_;
        return tree;
    }

    [[noreturn]] void refuse_special_group() {
        if (take(U"?=") || take(U"?!")) unsupported("lookahead");
        if (take(U"?<=") || take(U"?<!")) unsupported("lookbehind");
        if (take(U"?P=")) unsupported("backreferences");
        if (take(U"?P>") || take(U"?R") || take(U"?&")) unsupported("recursion");
        if (take(U"?>")) unsupported("atomic groups");
        if (take(U"?(")) unsupported("conditional groups");
        if (take(U"?#")) unsupported("comments");
        unsupported("inline flags (use the parameter 'flags')");
    }

    int capture(std::string name) {
        if (static_cast<int>(pattern_.names.size()) > max_groups) refuse("there are more than " +
            std::to_string(max_groups) + " groups");
        pattern_.names.push_back(std::move(name));
        return static_cast<int>(pattern_.names.size()) - 1;
    }

    std::string name() {
        std::string name;
        while (is_word(peek())) name += static_cast<char>(text_[at_++]);
        const bool valid = !name.empty() && (name[0] < '0' || name[0] > '9') && name.size() <= 64;
        if (!valid || !take(U'>')) refuse("a group's name is a letter or '_', then letters, digits or '_'");
        for (const auto &other : pattern_.names) if (other == name) refuse("the name '" + name + "' is used twice");
        return name;
    }

    // Adds what \d \w \s and their opposites stand for; false when `c` is none of them.
    static bool shorthand(char32_t c, CharacterSet &set) {
        using Ranges = std::vector<std::pair<char32_t, char32_t>>;
        Ranges ranges;
        switch (c) {
            case 'd': case 'D': ranges = {{'0', '9'}}; break;
            case 'w': case 'W': ranges = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}; break;
            case 's': case 'S': ranges = {{'\t', '\r'}, {' ', ' '}}; break;
            default: return false;
        }
        if (c < 'a') {
            Ranges others;
            char32_t next = 0;
            for (const auto &[low, high] : ranges) {
                others.emplace_back(next, low - 1);
                next = high + 1;
            }
            others.emplace_back(next, 0x10FFFF);
            ranges = std::move(others);
        }
        set.ranges.insert(set.ranges.end(), ranges.begin(), ranges.end());
        return true;
    }

    Tree set(CharacterSet set) {
        Tree tree = leaf(Tree::Kind::set);
        tree.set = pattern_.sets.size();
        pattern_.sets.push_back(std::move(set));
        return tree;
    }

    Tree escape() {
        if (!more()) refuse("'\\' at the end");
        const char32_t c = text_[at_++];
        CharacterSet shorthand_set;
        if (shorthand(c, shorthand_set)) return set(std::move(shorthand_set));
        switch (c) {
            case 'b': return leaf(Tree::Kind::boundary);
            case 'B': return leaf(Tree::Kind::not_boundary);
            case 'A': return leaf(Tree::Kind::text_start);
            case 'z': case 'Z': return leaf(Tree::Kind::text_end);
            case 'k': case 'g': unsupported("backreferences");
            case 'p': case 'P': case 'X': unsupported("Unicode properties");
            default: break;
        }
        if (c >= '1' && c <= '9') unsupported("backreferences");
        return literal(escaped(c));
    }

    char32_t escaped(char32_t c) {
        switch (c) {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case '0': return 0;
            case 'x': return peek() == '{' ? braced_hex() : hex(2);
            case 'u': return peek() == '{' ? braced_hex() : hex(4);
            default:
                if (c < 0x80 && is_word(c)) refuse("'\\" + std::string(1, static_cast<char>(c)) + "' has no meaning");
                return c;
        }
    }

    int hex_digit() {
        const char32_t c = peek();
        const int digit = c >= '0' && c <= '9' ? static_cast<int>(c - '0') : c >= 'a' && c <= 'f' ?
            static_cast<int>(c - 'a') + 10 : c >= 'A' && c <= 'F' ? static_cast<int>(c - 'A') + 10 : -1;
        if (digit < 0) refuse("a hex digit is missing");
        ++at_;
        return digit;
    }

    char32_t hex(int digits) {
        char32_t value = 0;
        for (int i = 0; i < digits; ++i) value = value * 16 + static_cast<char32_t>(hex_digit());
        return value;
    }

    char32_t braced_hex() {
        take(U'{');
        char32_t value = 0;
        do {
            value = value * 16 + static_cast<char32_t>(hex_digit());
            if (value > 0x10FFFF) refuse("there is no such character");
        } while (!take(U'}'));
        return value;
    }

    Tree character_class() {
        CharacterSet found;
        found.negated = take(U'^');
        for (bool first = true; first || peek() != ']'; first = false) {
            if (!more()) refuse("a character class is not closed");
            if (peek() == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) unsupported("POSIX classes");
            char32_t low = 0;
            if (!class_item(found, low)) continue;
            if (peek() != '-' || peek(1) == ']' || at_ + 1 >= text_.size()) {
                found.ranges.emplace_back(low, low);
                continue;
            }
            ++at_;
            char32_t high = 0;
            if (!class_item(found, high)) refuse("a range ends with a class");
            if (high < low) refuse("a range is the wrong way round");
            found.ranges.emplace_back(low, high);
        }
        ++at_;
        return set(std::move(found));
    }

    // One character into `c`, or a shorthand into the set (and false).
    bool class_item(CharacterSet &found, char32_t &c) {
        c = text_[at_++];
        if (c != '\\') return true;
        if (!more()) refuse("'\\' at the end");
        c = text_[at_++];
        if (shorthand(c, found)) return false;
        if (c == 'p' || c == 'P') unsupported("Unicode properties");
        c = c == 'b' ? U'\b' : escaped(c);
        return true;
    }
};

}  // namespace regex
