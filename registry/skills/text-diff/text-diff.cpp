// Differences of two texts, by line, word or character, and how similar they are.
#include "myers.hpp"

#include <common/utf8.hpp>

#include <cmath>
#include <string>
#include <unordered_map>

namespace {

using myers::Kind;
using myers::Run;
using myers::Script;
using skill::Call;
using skill::json;
using skill::Params;

constexpr std::size_t max_tokens = 200'000;

using Parts = std::vector<std::string_view>;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// Line: up to and with its newline. Word: a run of blanks or of non-blanks. Char: a code point.
std::size_t part_length(std::string_view text, std::size_t at, std::string_view mode) {
    if (mode == "char") return utf8::decode(text, at).length;
    std::size_t end = at;
    if (mode == "line") {
        end = text.find('\n', at);
        return (end == std::string_view::npos ? text.size() : end + 1) - at;
    }
    while (end < text.size() && is_space(text[end]) == is_space(text[at])) ++end;
    return end - at;
}

Parts split(std::string_view text, std::string_view mode) {
    Parts parts;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = part_length(text, at, mode);
        if (parts.size() == max_tokens) {
            skill::too_large("A text has too many parts.", "At most " + std::to_string(max_tokens) +
                " lines, words or characters are compared.");
        }
        parts.push_back(text.substr(at, length));
        at += length;
    }
    return parts;
}

struct Comparison {
    Comparison(const Params &params, std::string_view mode, Call &call)
        : old_parts(split(params.string("old"), mode)), new_parts(split(params.string("new"), mode)) {
        std::unordered_map<std::string_view, std::uint32_t> numbers;
        const auto number = [&](const Parts &parts) {
            myers::Tokens tokens;
            for (const auto part : parts) tokens.push_back(numbers.try_emplace(part,
                static_cast<std::uint32_t>(numbers.size())).first->second);
            return tokens;
        };
        const myers::Tokens old_tokens = number(old_parts), new_tokens = number(new_parts);
        script = myers::Differ(old_tokens, new_tokens, call).run();
        for (const Run &run : script.runs) {
            (run.kind == Kind::equal ? equal : run.kind == Kind::added ? added : removed) += run.length;
        }
    }

    // Twice the common parts over all parts; two empty texts are the same.
    double similarity() const {
        const std::size_t total = old_parts.size() + new_parts.size();
        if (total == 0) return 1;
        return std::round(2e6 * static_cast<double>(equal) / static_cast<double>(total)) / 1e6;
    }

    json stats() const {
        return {{"added", added}, {"removed", removed}, {"unchanged", equal}, {"identical", added + removed == 0},
            {"similarity", similarity()}, {"shortest", script.shortest}};
    }

    Parts old_parts, new_parts;
    Script script;
    std::size_t equal = 0, added = 0, removed = 0;
};

std::string joined(const Parts &parts, std::size_t start, std::size_t length) {
    std::string out;
    for (std::size_t i = start; i < start + length; ++i) out += parts[i];
    return out;
}

json ops(const Comparison &comparison) {
    constexpr std::size_t bytes_per_op = 64;
    if (comparison.script.runs.size() > skill::max_result_bytes / bytes_per_op) {
        skill::too_large("The texts differ in too many places to list them.", "Use mode 'line' or format 'stats'.");
    }
    json ops = json::array();
    for (const Run &run : comparison.script.runs) {
        const bool added = run.kind == Kind::added;
        ops.push_back({{"op", run.kind == Kind::equal ? "equal" : added ? "insert" : "delete"},
                       {"old_start", run.old_start},
                       {"new_start", run.new_start},
                       {"count", run.length},
                       {"text", added ? joined(comparison.new_parts, run.new_start, run.length) :
                           joined(comparison.old_parts, run.old_start, run.length)}});
    }
    return ops;
}

// The unified format of POSIX diff -u, without its file header.
class Unified {
  public:
    Unified(const Comparison &comparison, std::size_t context) : comparison_(comparison), context_(context) {
        const auto &runs = comparison.script.runs;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (runs[i].kind != Kind::equal) change(runs[i]);
            else equal(runs[i], i == 0, i + 1 == runs.size());
        }
        close();
    }
    std::string text;

  private:
    const Comparison &comparison_;
    std::size_t context_;
    std::string body_;
    std::size_t old_start_ = 0, new_start_ = 0, old_count_ = 0, new_count_ = 0;

    void line(char mark, std::string_view part) {
        body_ += mark;
        body_ += part;
        if (part.back() != '\n') body_ += "\n\\ No newline at end of file\n";
    }

    void open(std::size_t old_start, std::size_t new_start) {
        if (old_count_ + new_count_ > 0) return;
        old_start_ = old_start;
        new_start_ = new_start;
    }

    void same(std::size_t old_at, std::size_t new_at, std::size_t count) {
        open(old_at, new_at);
        for (std::size_t i = 0; i < count; ++i) line(' ', comparison_.old_parts[old_at + i]);
        old_count_ += count;
        new_count_ += count;
    }

    void equal(const Run &run, bool first, bool last) {
        const std::size_t before = last ? 0 : std::min(context_, run.length);
        const std::size_t after = first ? 0 : std::min(context_, run.length);
        if (!first && !last && before + after >= run.length) return same(run.old_start, run.new_start, run.length);
        if (after > 0) same(run.old_start, run.new_start, after);
        close();
        const std::size_t skipped = run.length - before;
        if (before > 0) same(run.old_start + skipped, run.new_start + skipped, before);
    }

    void change(const Run &run) {
        open(run.old_start, run.new_start);
        const bool added = run.kind == Kind::added;
        for (std::size_t i = 0; i < run.length; ++i) {
            line(added ? '+' : '-', added ? comparison_.new_parts[run.new_start + i] :
                comparison_.old_parts[run.old_start + i]);
        }
        (added ? new_count_ : old_count_) += run.length;
    }

    // A range of one line shows no count, and an empty one stands before the line it names.
    static std::string range(std::size_t start, std::size_t count) {
        if (count == 1) return std::to_string(start + 1);
        return std::to_string(count == 0 ? start : start + 1) + "," + std::to_string(count);
    }

    void close() {
        if (old_count_ + new_count_ > 0) {
            text += "@@ -" + range(old_start_, old_count_) + " +" + range(new_start_, new_count_) + " @@\n" + body_;
        }
        body_.clear();
        old_count_ = new_count_ = 0;
    }
};

json diff(const Params &params, Call &call) {
    const auto mode = params.choice("mode", {"line", "word", "char"});
    const auto format = mode == "line" ? params.choice("format", {"unified", "ops", "stats"}) : params.choice("format",
        {"ops", "stats", "unified"});
    const auto context = static_cast<std::size_t>(params.integer("context", 3, 0, 1000));
    if (format == "unified" && mode != "line") {
        skill::reject("invalid_parameter", "The unified format compares lines.", "Use format 'ops' with mode '" +
            std::string(mode) + "'.");
    }
    const Comparison comparison(params, mode, call);
    json result{{"mode", mode}, {"stats", comparison.stats()}};
    if (format == "ops") result["ops"] = ops(comparison);
    if (format == "unified") result["unified"] = comparison.added + comparison.removed == 0 ? "" : Unified(comparison,
        context).text;
    return result;
}

json similarity(const Params &params, Call &call) {
    const auto mode = params.choice("mode", {"char", "word", "line"});
    const Comparison comparison(params, mode, call);
    return {{"mode", mode}, {"similarity", comparison.similarity()}, {"identical", comparison.added +
        comparison.removed == 0}, {"shortest", comparison.script.shortest}};
}

constexpr skill::Operation operations[] = {{"diff", diff}, {"similarity", similarity}};

}  // namespace

PRAXIMOUS_SKILL(operations);
