// JSONPath (RFC 9535 without function extensions): the parsed form and its parser.
//
// Filters nest, so their parser and evaluator recurse; max_filter_depth bounds both.
#pragma once

#include <common/skill.hpp>
#include <common/utf8.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jsonpath {

inline constexpr std::size_t max_path_bytes = 4096;
inline constexpr int max_filter_depth = 32;

struct Filter;

struct Selector {
    enum class Kind { name, wildcard, index, slice, filter } kind;
    std::string name;
    std::int64_t index = 0;
    std::optional<std::int64_t> start, end;
    std::int64_t step = 1;
    std::shared_ptr<Filter> filter;
};

struct Segment {
    bool descends = false;
    std::vector<Selector> selectors;
};

struct Query {
    bool from_root = true;  // `$`; otherwise `@`
    std::vector<Segment> segments;
};

struct Filter {
    enum class Kind { any_of, all_of, negation, existence, comparison } kind;
    std::vector<Filter> children;
    std::string comparison;
    // One side of a comparison is a literal or a query; a test of existence has a left query only.
    std::optional<skill::json> left_literal, right_literal;
    Query left, right;
};

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {
        if (text.size() > max_path_bytes) refuse("it is longer than " + std::to_string(max_path_bytes) + " bytes");
    }

    Query parse() {
        if (!take('$')) refuse("a path starts with '$', or with '/' for a JSON Pointer");
        Query query{true, segments()};
        if (at_ != text_.size()) refuse("unexpected '" + rest() + "'");
        return query;
    }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;

    [[noreturn]] void refuse(const std::string &why) const {
        skill::reject("invalid_path", "The path is not valid.", "At byte " + std::to_string(at_) + ": " + why + ".");
    }

    // A few characters of what follows, cut where a character ends.
    std::string rest() const {
        std::string out;
        for (std::size_t at = at_; at < text_.size() && out.size() < 12;) {
            const auto next = utf8::decode(text_, at);
            out.append(text_.substr(at, next.length));
            at += next.length;
        }
        return out.empty() ? "end of path" : out;
    }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool take(char c) { return at_ < text_.size() && text_[at_] == c ? (++at_, true) : false; }
    bool take(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    void expect(char c) {
        if (!take(c)) refuse(std::string("expected '") + c + "', found '" + rest() + "'");
    }
    void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    std::vector<Segment> segments() {
        std::vector<Segment> found;
        for (;;) {
            const std::size_t before = at_;
            blanks();
            if (peek() == '[') {
                found.push_back({false, bracketed()});
            } else if (take("..")) {
                found.push_back({true, peek() == '[' ? bracketed() : shorthand()});
            } else if (take('.')) {
                found.push_back({false, shorthand()});
            } else {
                at_ = before;
                return found;
            }
        }
    }

    static bool starts_name(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    }

    std::vector<Selector> shorthand() {
        if (take('*')) return {wildcard()};
        const std::size_t start = at_;
        if (starts_name(peek())) {
            while (starts_name(peek()) || (peek() >= '0' && peek() <= '9')) ++at_;
        }
        if (at_ == start) refuse("expected a member name or '*', found '" + rest() + "'");
        if (peek() == '(') refuse("functions are not supported");
        return {member(std::string(text_.substr(start, at_ - start)))};
    }

    static Selector wildcard() {
        Selector selector{};
        selector.kind = Selector::Kind::wildcard;
        return selector;
    }

    static Selector member(std::string name) {
        Selector selector{};
        selector.kind = Selector::Kind::name;
        selector.name = std::move(name);
        return selector;
    }

    std::vector<Selector> bracketed() {
        expect('[');
        std::vector<Selector> selectors;
        do {
            blanks();
            selectors.push_back(selector());
            blanks();
        } while (take(','));
        expect(']');
        return selectors;
    }

    Selector selector() {
        if (take('*')) return wildcard();
        if (peek() == '\'' || peek() == '"') return member(quoted());
        if (take('?')) {
            Selector selector{};
            selector.kind = Selector::Kind::filter;
            blanks();
            selector.filter = std::make_shared<Filter>(any_of());
            return selector;
        }
        return index_or_slice();
    }

    Selector index_or_slice() {
        Selector selector{};
        std::optional<std::int64_t> first = integer();
        blanks();
        if (peek() != ':') {
            if (!first) refuse("expected a name, an index, a slice, '*' or '?', found '" + rest() + "'");
            selector.kind = Selector::Kind::index;
            selector.index = *first;
            return selector;
        }
        selector.kind = Selector::Kind::slice;
        selector.start = first;
        expect(':');
        blanks();
        selector.end = integer();
        blanks();
        if (take(':')) {
            blanks();
            selector.step = integer().value_or(1);
        }
        return selector;
    }

    // RFC 9535 section 2.1: within plus or minus 2^53-1, no leading zero, no minus zero.
    std::optional<std::int64_t> integer() {
        const std::size_t start = at_;
        const bool negative = take('-');
        const std::size_t digits = at_;
        std::int64_t value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = value * 10 + (peek() - '0');
            if (value > (std::int64_t{1} << 53) - 1) refuse("the integer is too large");
            ++at_;
        }
        if (at_ == digits && !negative) return std::nullopt;
        const bool odd_zero = text_[digits < text_.size() ? digits : start] == '0' && (at_ - digits > 1 || negative);
        if (at_ == digits || odd_zero) refuse("'" + std::string(text_.substr(start, at_ - start)) +
            "' is not an integer");
        return negative ? -value : value;
    }

    std::string quoted() {
        const char quote = text_[at_++];
        std::string out;
        while (peek() != quote) {
            if (at_ >= text_.size()) refuse("the string does not end");
            if (static_cast<unsigned char>(peek()) < 0x20) refuse("a string holds no control characters");
            if (peek() == '\\') escape(out, quote);
            else out += text_[at_++];
        }
        ++at_;
        return out;
    }

    void escape(std::string &out, char quote) {
        ++at_;
        const char c = peek();
        ++at_;
        switch (c) {
            case 'b': out += '\b'; return;
            case 'f': out += '\f'; return;
            case 'n': out += '\n'; return;
            case 'r': out += '\r'; return;
            case 't': out += '\t'; return;
            case '/': case '\\': out += c; return;
            case 'u': break;
            default:
                if (c != quote || c == '\0') refuse("unknown escape in a string");
                out += c;
                return;
        }
        char32_t code = hex4();
        if (code >= 0xD800 && code < 0xDC00) {
            if (!take("\\u")) refuse("a high surrogate stands alone");
            const char32_t low = hex4();
            if (low < 0xDC00 || low > 0xDFFF) refuse("a high surrogate stands alone");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else if (code >= 0xDC00 && code <= 0xDFFF) {
            refuse("a low surrogate stands alone");
        }
        utf8::append(out, code);
    }

    char32_t hex4() {
        char32_t code = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = peek();
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' &&
                c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) refuse("'\\u' needs four hex digits");
            code = code * 16 + static_cast<char32_t>(digit);
        }
        return code;
    }

    Filter any_of() { return chain(Filter::Kind::any_of, "||", &Parser::all_of); }
    Filter all_of() { return chain(Filter::Kind::all_of, "&&", &Parser::basic); }

    Filter chain(Filter::Kind kind, std::string_view word, Filter (Parser::*next)()) {
        Filter first = (this->*next)();
        blanks();
        if (text_.substr(at_, 2) != word) return first;
        Filter all{};
        all.kind = kind;
        all.children.push_back(std::move(first));
        while (take(word)) {
            blanks();
            all.children.push_back((this->*next)());
            blanks();
        }
        return all;
    }

    Filter basic() {
        if (++depth_ > max_filter_depth) refuse("filters nest too deeply");
        Filter found = negation_group_or_comparison();
        --depth_;
        return found;
    }

    Filter negation_group_or_comparison() {
        if (take('!')) {
            blanks();
            Filter negation{};
            negation.kind = Filter::Kind::negation;
            negation.children.push_back(basic());
            const auto kind = negation.children.front().kind;
            if (kind == Filter::Kind::comparison) refuse("'!' needs parentheses around a comparison");
            return negation;
        }
        if (take('(')) {
            blanks();
            // A group of one is wrapped, so that `!(@.a == 1)` negates a group and not a comparison.
            Filter group{};
            group.kind = Filter::Kind::any_of;
            group.children.push_back(any_of());
            blanks();
            expect(')');
            return group;
        }
        return comparison();
    }

    Filter comparison() {
        Filter filter{};
        operand(filter.left_literal, filter.left);
        const std::size_t before = at_;
        blanks();
        for (const std::string_view word : {"==", "!=", "<=", ">=", "<", ">"}) {
            if (!take(word)) continue;
            blanks();
            filter.kind = Filter::Kind::comparison;
            filter.comparison = word;
            operand(filter.right_literal, filter.right);
            if (!filter.left_literal) require_singular(filter.left);
            if (!filter.right_literal) require_singular(filter.right);
            return filter;
        }
        at_ = before;
        if (filter.left_literal) refuse("a literal needs a comparison");
        filter.kind = Filter::Kind::existence;
        return filter;
    }

    void require_singular(const Query &query) const {
        for (const Segment &segment : query.segments) {
            const auto kind = segment.selectors.front().kind;
            const bool one = !segment.descends && segment.selectors.size() == 1 &&
                             (kind == Selector::Kind::name || kind == Selector::Kind::index);
            if (!one) refuse("a comparison needs a path to one value: no wildcard, slice, union, '..' or filter");
        }
    }

    void operand(std::optional<skill::json> &literal, Query &query) {
        if (peek() == '@' || peek() == '$') {
            query.from_root = text_[at_++] == '$';
            query.segments = segments();
        } else if (peek() == '\'' || peek() == '"') {
            literal = quoted();
        } else if (take("true")) {
            literal = true;
        } else if (take("false")) {
            literal = false;
        } else if (take("null")) {
            literal.emplace(nullptr);
        } else {
            literal = number();
        }
    }

    skill::json number() {
        std::size_t end = at_;
        while (end < text_.size() && std::string_view("+-.eE0123456789").find(text_[end]) != std::string_view::npos)
            ++end;
        const auto text = text_.substr(at_, end - at_);
        skill::json value = skill::json::parse(text, nullptr, false);
        if (!value.is_number()) {
            refuse(starts_name(peek()) ? "functions and bare words are not supported, found '" + rest() + "'"
                                       : "expected a path or a literal, found '" + rest() + "'");
        }
        at_ = end;
        return value;
    }
};

}  // namespace jsonpath
