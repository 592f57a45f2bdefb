// The lines of a document: headings, paragraphs, lists, quotes, code, tables and HTML blocks.
//
// Read line by line with a few flags, not as CommonMark's tree: plain text needs no tree, and a
// thousand nested quotes cost no more than their characters.
#pragma once

#include "inlines.hpp"

namespace markdown {

struct Heading {
    int level;
    std::string text;
};

class Blocks {
  public:
    Blocks(std::string_view source, Document &document, bool keep_code, skill::Call &call)
        : document_(document), keep_code_(keep_code), call_(call) {
        split(source);
        define();
        for (index_ = 0; index_ < lines_.size(); ++index_) {
            call_.step(lines_[index_].size() + 1);
            line(lines_[index_]);
        }
        end_paragraph();
        while (!text.empty() && text.back() == '\n') text.pop_back();
    }

    std::string text;
    std::vector<Heading> headings;

  private:
    Document &document_;
    bool keep_code_;
    skill::Call &call_;
    std::vector<std::string> lines_;
    std::size_t index_ = 0;
    std::string paragraph_, prefix_;
    std::size_t quotes_ = 0;
    bool in_list_ = false, gap_ = false;
    std::string fence_;                // the open fence, empty outside
    std::string_view html_end_;        // what ends the open HTML block, empty outside

    void split(std::string_view source) {
        for (std::size_t at = 0; at < source.size();) {
            const std::size_t end = std::min(source.find('\n', at), source.size());
            auto line = source.substr(at, end - at);
            if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
            std::string spaced;
            for (const char c : line) {
                if (c == '\t') spaced.append(4 - spaced.size() % 4, ' ');
                else spaced += c;
            }
            lines_.push_back(std::move(spaced));
            at = end + 1;
        }
    }

    static std::size_t indent(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
    static std::string_view trimmed(std::string_view line) {
        while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
        while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
        return line;
    }
    static bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

    // `[label]: url "title"` lines, outside of fences, are taken out before anything is read.
    void define() {
        std::string fence;
        for (std::string &line : lines_) {
            const auto body = trimmed(line);
            if (const auto mark = fence_of(body); !mark.empty() && (fence.empty() || closes(body, fence))) {
                fence = fence.empty() ? std::string(mark) : std::string();
            }
            if (!fence.empty() || !starts(body, "[") || indent(line) > 3 || starts(body, "[^")) continue;
            const auto close = body.find("]:");
            if (close == std::string_view::npos || close < 2 || close > 999) continue;
            auto target = trimmed(body.substr(close + 2));
            target = target.substr(0, target.find(' '));
            if (target.size() > 1 && target.front() == '<' && target.back() == '>') target = target.substr(1,
                target.size() - 2);
            if (target.empty()) continue;
            document_.definitions.emplace(label(body.substr(1, close - 1)), target);
            line.clear();
        }
    }

    static std::string_view fence_of(std::string_view body) {
        if (!starts(body, "```") && !starts(body, "~~~")) return {};
        const auto end = std::min(body.find_first_not_of(body[0]), body.size());
        const bool inline_code = body[0] == '`' && body.find('`', end) != std::string_view::npos;
        return inline_code ? std::string_view{} : body.substr(0, end);
    }

    static bool closes(std::string_view body, std::string_view fence) {
        return starts(body, fence) && body.find_first_not_of(fence[0]) == std::string_view::npos;
    }

    void put(std::string_view line) {
        if (gap_ && !text.empty()) text += '\n';
        gap_ = false;
        text += line;
        text += '\n';
        if (text.size() > skill::max_result_bytes) skill::too_large("The result is too large.");
    }

    std::string inlines(std::string_view source) {
        call_.step(source.size());
        return Inlines(source, document_).text();
    }

    void end_paragraph() {
        if (paragraph_.empty()) return;
        while (!paragraph_.empty() && (paragraph_.back() == '\n' || paragraph_.back() == ' ')) paragraph_.pop_back();
        std::string plain = inlines(paragraph_);
        // Lines after a hard break line up under the first.
        const std::string under(prefix_.size() - quotes_ * 2, ' ');
        std::size_t from = 0;
        for (bool first = true; from <= plain.size(); first = false) {
            const std::size_t end = std::min(plain.find('\n', from), plain.size());
            put((first ? prefix_ : prefix_.substr(0, quotes_ * 2) + under) + plain.substr(from, end - from));
            from = end + 1;
        }
        paragraph_.clear();
    }

    void blank() {
        end_paragraph();
        prefix_.clear();
        gap_ = true;
    }

    void line(std::string_view line) {
        if (!fence_.empty()) return fenced(line);
        if (!html_end_.empty()) return html(line);
        std::size_t quotes = 0;
        while (indent(line) < 4 && starts(line.substr(indent(line)), ">")) {
            line.remove_prefix(indent(line) + 1);
            if (starts(line, " ")) line.remove_prefix(1);
            ++quotes;
        }
        if (quotes != quotes_ && (quotes > 0 || paragraph_.empty())) {
            end_paragraph();
            prefix_.clear();
        }
        if (quotes > 0 || paragraph_.empty()) quotes_ = std::min<std::size_t>(quotes, 20);
        const auto body = trimmed(line);
        if (body.empty()) return blank();
        if (paragraph_.empty() && !in_list_ && indent(line) >= 4) return indented_code(line);
        if (const auto mark = fence_of(body); !mark.empty()) {
            end_paragraph();
            fence_ = mark;
            return;
        }
        if (opens_html(body)) return html(line);
        if (heading(body) || underline(body) || rule(body) || table(body) || item(line, body)) return;
        if (paragraph_.empty() && indent(line) < 2) in_list_ = false;
        add(line, body);
    }

    std::string quote_prefix() const {
        std::string out;
        for (std::size_t i = 0; i < quotes_; ++i) out += "> ";
        return out;
    }

    void add(std::string_view line, std::string_view body) {
        if (paragraph_.empty() && prefix_.empty()) {
            prefix_ = quote_prefix();
            if (in_list_) prefix_.append(std::min<std::size_t>(indent(line), 40), ' ');
        }
        const bool hard_break = line.size() >= 2 && line.substr(line.size() - 2) == "  ";
        const bool escaped_break = !body.empty() && body.back() == '\\';
        paragraph_ += body;
        paragraph_ += hard_break || escaped_break ? '\n' : ' ';
    }

    void fenced(std::string_view line) {
        std::string_view body = line;
        for (std::size_t i = 0; i < quotes_ && starts(trimmed(body), ">"); ++i) {
            body = body.substr(body.find('>') + 1);
            if (starts(body, " ")) body.remove_prefix(1);
        }
        if (closes(trimmed(body), fence_)) fence_.clear();
        else if (keep_code_) put(quote_prefix() + std::string(body));
    }

    void indented_code(std::string_view line) {
        if (keep_code_) put(quote_prefix() + std::string(line.substr(4)));
    }

    bool opens_html(std::string_view body) {
        static constexpr std::pair<std::string_view, std::string_view> hidden[] = {
            {"<!--", "-->"}, {"<script", "</script>"}, {"<style", "</style>"}, {"<?", "?>"}};
        for (const auto &[open, close] : hidden) {
            if (!starts(body, open)) continue;
            end_paragraph();
            html_end_ = close;
            return true;
        }
        return false;
    }

    void html(std::string_view line) {
        const auto end = line.find(html_end_);
        if (end == std::string_view::npos) return;
        const std::string rest(line.substr(end + html_end_.size()));
        html_end_ = {};
        if (!trimmed(rest).empty()) add(rest, trimmed(rest));
    }

    bool heading(std::string_view body) {
        const std::size_t level = std::min(body.find_first_not_of('#'), body.size());
        if (level == 0 || level > 6 || (level < body.size() && body[level] != ' ')) return false;
        end_paragraph();
        body = trimmed(body.substr(level));
        const auto last = body.find_last_not_of('#');
        if (last == std::string_view::npos) body = {};
        else if (body[last] == ' ') body = trimmed(body.substr(0, last));
        put_heading(static_cast<int>(level), body);
        return true;
    }

    void put_heading(int level, std::string_view source) {
        std::string plain = inlines(source);
        gap_ = true;
        put(quote_prefix() + plain);
        gap_ = true;
        in_list_ = false;
        prefix_.clear();
        if (headings.size() == max_listed) skill::too_large("The text has too many headings.", "At most " +
            std::to_string(max_listed) + " are listed.");
        headings.push_back({level, std::move(plain)});
    }

    // `===` or `---` under a paragraph makes it a heading.
    bool underline(std::string_view body) {
        const bool same = body.find_first_not_of(body[0]) == std::string_view::npos && (body[0] == '=' ||
            body[0] == '-');
        if (!same || paragraph_.empty() || in_list_) return false;
        const std::string source(trimmed(paragraph_));
        paragraph_.clear();
        put_heading(body[0] == '=' ? 1 : 2, source);
        return true;
    }

    bool rule(std::string_view body) {
        if (body[0] != '-' && body[0] != '*' && body[0] != '_') return false;
        std::size_t marks = 0;
        for (const char c : body) {
            if (c != body[0] && c != ' ') return false;
            marks += c == body[0] ? 1 : 0;
        }
        if (marks < 3) return false;
        blank();
        in_list_ = false;
        return true;
    }

    static bool is_delimiter_row(std::string_view body) {
        return body.find('-') != std::string_view::npos && body.find('|') != std::string_view::npos &&
               body.find_first_not_of("|:- ") == std::string_view::npos;
    }

    // A row followed by a delimiter row starts a table, which goes on while lines hold a bar.
    bool table(std::string_view body) {
        if (!paragraph_.empty() || body.find('|') == std::string_view::npos || index_ + 1 >= lines_.size())
            return false;
        auto next = trimmed(lines_[index_ + 1]);
        while (starts(next, ">")) next = trimmed(next.substr(1));
        if (!is_delimiter_row(next)) return false;
        row(body);
        for (index_ += 2; index_ < lines_.size(); ++index_) {
            auto cells = trimmed(lines_[index_]);
            while (starts(cells, ">")) cells = trimmed(cells.substr(1));
            if (cells.find('|') == std::string_view::npos) break;
            row(cells);
        }
        --index_;
        return true;
    }

    void row(std::string_view body) {
        if (starts(body, "|")) body.remove_prefix(1);
        std::string out = quote_prefix(), cell;
        bool first = true;
        const auto finish = [&] {
            out += (first ? "" : " | ") + inlines(trimmed(cell));
            first = false;
            cell.clear();
        };
        for (std::size_t i = 0; i < body.size(); ++i) {
            if (body[i] == '\\' && i + 1 < body.size() && body[i + 1] == '|') cell += body[++i];
            else if (body[i] == '|') finish();
            else cell += body[i];
        }
        if (!trimmed(cell).empty()) finish();
        put(out);
    }

    // "- ", "* ", "+ ", "1. " or "1) ".
    bool item(std::string_view line, std::string_view body) {
        std::size_t length = 0;
        if (body[0] == '-' || body[0] == '*' || body[0] == '+') length = 1;
        else {
            while (length < body.size() && length < 9 && body[length] >= '0' && body[length] <= '9') ++length;
            if (length == 0 || length >= body.size() || (body[length] != '.' && body[length] != ')')) return false;
            ++length;
        }
        if (length < body.size() && body[length] != ' ') return false;
        const bool interrupts = paragraph_.empty() || in_list_ || length < body.size();
        if (!interrupts) return false;
        end_paragraph();
        in_list_ = true;
        prefix_ = quote_prefix();
        prefix_.append(std::min<std::size_t>(indent(line), 40), ' ');
        prefix_ += length == 1 ? "-" : std::string(body.substr(0, length));
        prefix_ += ' ';
        const auto rest = trimmed(body.substr(length));
        if (rest.empty()) put(trimmed(prefix_)), prefix_.clear();
        else add(line, rest);
        return true;
    }
};

}  // namespace markdown
