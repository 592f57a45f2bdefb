// The inside of a paragraph: emphasis, code, links, images, HTML and entities to plain text.
//
// One pass makes pieces; a marker piece loses characters when it turns out to be markup. Nothing
// recurses and the searches that may start over are short or counted as work.
#pragma once

#include "entities.hpp"

#include <common/skill.hpp>

#include <map>
#include <set>
#include <vector>

namespace markdown {

enum class Links { keep, drop, footnotes };

inline constexpr std::size_t max_listed = 20'000;  // links, and headings

struct Link {
    std::string text, url;
};

// What all paragraphs of one document share.
struct Document {
    skill::Call &call;
    Links links = Links::keep;
    bool image_urls = false;
    std::map<std::string, std::string> definitions;  // by normalized label
    std::vector<Link> found;

    void add(Link link) {
        if (found.size() == max_listed) skill::too_large("The text has too many links.", "At most " +
            std::to_string(max_listed) + " are listed.");
        found.push_back(std::move(link));
    }
};

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool is_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

inline std::string label(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_blank(c)) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

class Inlines {
  public:
    Inlines(std::string_view text, Document &document) : text_(text), document_(document) {
        while (at_ < text_.size()) next();
        flush();
    }

    std::string text() const { return joined(0); }

  private:
    static constexpr std::size_t max_destination = 2048;
    static constexpr std::size_t max_open_brackets = 64;

    struct Piece {
        std::string text;
        char marker = '\0';
        std::size_t count = 0;  // markers left
        bool opens = false;
    };
    struct Bracket {
        std::size_t piece, source;
        bool image;
    };

    std::string_view text_;
    Document &document_;
    std::size_t at_ = 0;
    std::string plain_;
    std::vector<Piece> pieces_;
    std::vector<std::size_t> openers_[3];  // of '*', '_' and '~': piece numbers, rising
    std::vector<Bracket> brackets_;
    std::set<std::size_t> unclosed_code_;  // lengths of backtick runs known to have no partner ahead
    bool no_tag_end_ahead_ = false;

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void flush() {
        if (plain_.empty()) return;
        pieces_.push_back({std::move(plain_)});
        plain_.clear();
    }

    std::string joined(std::size_t from) const {
        std::string out;
        for (std::size_t i = from; i < pieces_.size(); ++i) {
            const Piece &piece = pieces_[i];
            if (piece.marker != '\0') out.append(piece.count, piece.marker);
            else out += piece.text;
        }
        return out;
    }

    void next() {
        switch (peek()) {
            case '\\': return escape();
            case '`': return code();
            case '*': case '_': case '~': return emphasis();
            case '!':
                if (peek(1) != '[') break;
                ++at_;
                return open_bracket(true);
            case '[': return open_bracket(false);
            case ']': return close_bracket();
            case '<': return angle();
            case '&':
                if (const std::size_t length = read_entity(text_, at_, plain_); length > 0) {
                    at_ += length;
                    return;
                }
                break;
            default: break;
        }
        plain_ += text_[at_++];
    }

    void escape() {
        ++at_;
        if (peek() == '\n') return;  // a hard break: the newline itself follows
        if (is_punctuation(peek())) plain_ += text_[at_++];
        else plain_ += '\\';
    }

    void code() {
        const std::size_t end = std::min(text_.find_first_not_of('`', at_), text_.size());
        const std::size_t length = end - at_;
        const std::size_t close = unclosed_code_.count(length) > 0 ? std::string_view::npos : closing_run(end, length);
        if (close == std::string_view::npos) {
            unclosed_code_.insert(length);
            plain_.append(length, '`');
            at_ = end;
            return;
        }
        auto inside = text_.substr(end, close - end);
        const bool padded = inside.size() > 2 && is_blank(inside.front()) && is_blank(inside.back());
        if (padded) inside = inside.substr(1, inside.size() - 2);
        for (const char c : inside) plain_ += c == '\n' ? ' ' : c;
        at_ = close + length;
    }

    std::size_t closing_run(std::size_t from, std::size_t length) const {
        for (std::size_t at = text_.find('`', from); at != std::string_view::npos; at = text_.find('`', at)) {
            const std::size_t end = std::min(text_.find_first_not_of('`', at), text_.size());
            document_.call.step(end - at);
            if (end - at == length) return at;
            at = end;
        }
        return std::string_view::npos;
    }

    std::vector<std::size_t> &openers(char marker) { return openers_[marker == '*' ? 0 : marker == '_' ? 1 : 2]; }

    void emphasis() {
        const char marker = peek();
        const std::size_t end = std::min(text_.find_first_not_of(marker, at_), text_.size());
        std::size_t length = end - at_;
        const char before = at_ == 0 ? ' ' : text_[at_ - 1], after = end < text_.size() ? text_[end] : ' ';
        at_ = end;
        if (marker == '~' && length != 2) {
            plain_.append(length, marker);
            return;
        }
        const bool before_blank = is_blank(before), after_blank = is_blank(after);
        const bool left = !after_blank && (!is_punctuation(after) || before_blank || is_punctuation(before));
        const bool right = !before_blank && (!is_punctuation(before) || after_blank || is_punctuation(after));
        const bool inside_word = marker == '_' && left && right;
        const bool closes = right && (!inside_word || is_punctuation(after));
        flush();
        while (closes && length > 0 && !openers(marker).empty()) {
            const std::size_t opener = openers(marker).back();
            const std::size_t used = std::min(length, pieces_[opener].count);
            pieces_[opener].count -= used;
            length -= used;
            // Openers inside the pair can no longer close outside of it.
            for (auto &list : openers_) while (!list.empty() && list.back() > opener) list.pop_back();
            if (pieces_[opener].count == 0) openers(marker).pop_back();
        }
        if (length == 0) return;
        if (left && (!inside_word || is_punctuation(before))) openers(marker).push_back(pieces_.size());
        pieces_.push_back({{}, marker, length, true});
    }

    void open_bracket(bool image) {
        flush();
        if (brackets_.size() == max_open_brackets) brackets_.erase(brackets_.begin());
        brackets_.push_back({pieces_.size(), ++at_, image});
        pieces_.push_back({image ? "![" : "["});
    }

    void close_bracket() {
        ++at_;
        if (brackets_.empty()) {
            plain_ += ']';
            return;
        }
        flush();
        const Bracket bracket = brackets_.back();
        brackets_.pop_back();
        std::string url;
        if (!destination(url) && !reference(bracket, url)) {
            plain_ += ']';
            return;
        }
        pieces_[bracket.piece].text.clear();
        if (!bracket.image) {
            // Links do not nest: what is open around this one is text.
            std::vector<Bracket> images;
            for (const Bracket &other : brackets_) if (other.image) images.push_back(other);
            brackets_ = std::move(images);
        }
        finish_link(bracket, url);
    }

    void finish_link(const Bracket &bracket, const std::string &url) {
        std::string inside = joined(bracket.piece);
        pieces_.resize(bracket.piece);
        for (auto &list : openers_) while (!list.empty() && list.back() >= bracket.piece) list.pop_back();
        const bool shown = bracket.image ? document_.image_urls : document_.links != Links::drop;
        const bool named = !url.empty() && url != inside && "mailto:" + inside != url;
        if (!bracket.image && !url.empty()) document_.add({inside, url});
        if (shown && named && (bracket.image || document_.links == Links::keep)) inside += inside.empty() ? url :
            " (" + url + ")";
        else if (shown && !bracket.image && !url.empty() && document_.links == Links::footnotes) inside += "[" +
            std::to_string(document_.found.size()) + "]";
        pieces_.push_back({std::move(inside)});
    }

    // `(url "title")` right after the bracket.
    bool destination(std::string &url) {
        if (peek() != '(') return false;
        std::size_t at = at_ + 1;
        const std::size_t limit = std::min(text_.size(), at + max_destination);
        const auto skip_blanks = [&] { while (at < limit && is_blank(text_[at])) ++at; };
        skip_blanks();
        if (at < limit && text_[at] == '<') {
            for (++at; at < limit && text_[at] != '>' && text_[at] != '\n'; ++at) url += text_[at];
            if (at >= limit || text_[at] != '>') return url.clear(), false;
            ++at;
        } else {
            for (int depth = 0; at < limit && !is_blank(text_[at]); ++at) {
                if (text_[at] == '\\' && at + 1 < limit && is_punctuation(text_[at + 1])) ++at;
                else if (text_[at] == '(') ++depth;
                else if (text_[at] == ')' && depth-- == 0) break;
                url += text_[at];
            }
        }
        skip_blanks();
        if (at < limit && (text_[at] == '"' || text_[at] == '\'' || text_[at] == '(')) {
            const char close = text_[at] == '(' ? ')' : text_[at];
            for (++at; at < limit && text_[at] != close; ++at) if (text_[at] == '\\') ++at;
            if (at < limit) ++at;
            skip_blanks();
        }
        document_.call.step(at - at_);  // a failed read starts over at the next bracket
        if (at >= limit || text_[at] != ')') return url.clear(), false;
        at_ = at + 1;
        return true;
    }

    // `[label]`, `[]` or nothing after the bracket, with a definition somewhere in the document.
    bool reference(const Bracket &bracket, std::string &url) {
        if (document_.definitions.empty()) return false;
        auto name = text_.substr(bracket.source, at_ - 1 - bracket.source);
        std::size_t end = at_;
        if (peek() == '[') {
            const auto close = text_.substr(at_, 1000).find(']');
            if (close != std::string_view::npos) {
                if (close > 1) name = text_.substr(at_ + 1, close - 1);
                end = at_ + close + 1;
            }
        }
        if (name.size() > 999) return false;
        const auto found = document_.definitions.find(label(name));
        if (found == document_.definitions.end()) return false;
        url = found->second;
        at_ = end;
        return true;
    }

    // `<https://…>`, `<name@host>`, a tag or a comment.
    void angle() {
        const bool comment = text_.compare(at_, 4, "<!--") == 0;
        const bool markup = is_letter(peek(1)) || peek(1) == '/' || peek(1) == '!' || peek(1) == '?';
        std::size_t end = std::string_view::npos;
        if (markup && !no_tag_end_ahead_) end = comment ? text_.find("-->", at_ + 4) : text_.find('>', at_);
        if (end == std::string_view::npos) {
            // A missing "-->" says nothing about tags, but is rare enough to give up on both.
            if (markup) no_tag_end_ahead_ = true;
            plain_ += text_[at_++];
            return;
        }
        const auto inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + (comment ? 3 : 1);
        const auto colon = inside.find(':');
        const bool bare = inside.find_first_of(" \t\n<") == std::string_view::npos;
        const bool address = bare && inside.find('@') != std::string_view::npos &&
            inside.find('/') == std::string_view::npos;
        if (bare && ((colon != std::string_view::npos && colon >= 2 && colon <= 32) || address)) {
            plain_ += inside;
            document_.add({std::string(inside), (address && colon == std::string_view::npos ? "mailto:" : "") +
                std::string(inside)});
            if (document_.links == Links::footnotes) plain_ += "[" + std::to_string(document_.found.size()) + "]";
            return;
        }
        const bool line_break = inside.size() >= 2 && (inside[0] == 'b' || inside[0] == 'B') && (inside[1] == 'r' ||
            inside[1] == 'R') &&
                                (inside.size() == 2 || !is_letter(inside[2]));
        if (line_break) plain_ += '\n';
    }
};

}  // namespace markdown
