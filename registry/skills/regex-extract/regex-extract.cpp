// Regular expressions in linear time: extract, replace, test.
#include "machine.hpp"

namespace {

using regex::Machine;
using regex::nowhere;
using regex::Pattern;
using regex::Slots;
using skill::Call;
using skill::json;
using skill::Params;

regex::Flags flags(const Params &params) {
    regex::Flags flags;
    for (const char c : params.string("flags", "")) {
        if (c == 'i') flags.ignore_case = true;
        else if (c == 'm') flags.multiline = true;
        else if (c == 's') flags.dot_all = true;
        else skill::reject("invalid_parameter", "Parameter 'flags' has an unknown flag.",
            "Expected any of 'i', 'm' and 's'.");
    }
    return flags;
}

// The text by code points, and where each of them starts in the bytes.
struct Text {
    explicit Text(std::string_view bytes) : bytes(bytes) {
        for (std::size_t at = 0; at < bytes.size();) {
            const auto next = utf8::decode(bytes, at);
            points += next.code;
            offsets.push_back(at);
            at += next.length;
        }
        offsets.push_back(bytes.size());
    }
    std::string_view part(std::size_t start, std::size_t end) const {
        return bytes.substr(offsets[start], offsets[end] - offsets[start]);
    }

    std::string_view bytes;
    std::u32string points;
    std::vector<std::size_t> offsets;
};

// Calls `found` for each match that does not overlap the one before, until it returns false.
template <typename Found>
void for_each_match(Machine &machine, std::size_t length, Found found) {
    for (std::size_t from = 0; from <= length;) {
        const Slots match = machine.search(from, false);
        if (match.empty() || !found(match)) return;
        from = match[1] > match[0] ? match[1] : match[1] + 1;  // an empty match moves on by one
    }
}

json describe(const Text &text, const Pattern &pattern, const Slots &match) {
    json groups = json::array();
    for (std::size_t i = 1; i < pattern.names.size(); ++i) {
        json group{{"index", i}};
        if (!pattern.names[i].empty()) group["name"] = pattern.names[i];
        const std::size_t start = match[2 * i], end = match[2 * i + 1];
        const bool took_part = start != nowhere && end != nowhere;
        group["text"] = took_part ? json(text.part(start, end)) : json(nullptr);
        if (took_part) group["start"] = start, group["end"] = end;
        groups.push_back(std::move(group));
    }
    return {{"text", text.part(match[0], match[1])}, {"start", match[0]}, {"end", match[1]}, {"groups", groups}};
}

json extract(const Params &params, Call &call) {
    const auto most = static_cast<std::size_t>(params.integer("max_matches", 100, 1, 10'000));
    const Pattern pattern = regex::Parser(params.string("pattern")).parse();
    const Text text(params.text());
    Machine machine(pattern, flags(params), text.points, call);
    json matches = json::array();
    bool truncated = false;
    std::size_t bytes = 0;
    for_each_match(machine, text.points.size(), [&](const Slots &match) {
        if (matches.size() == most) return truncated = true, false;
        // Groups repeat the text of the groups around them.
        bytes += (text.part(match[0], match[1]).size() + 64) * pattern.names.size();
        if (bytes > skill::max_result_bytes) skill::too_large("The result is too large.",
            "Use a smaller 'max_matches' or fewer groups.");
        matches.push_back(describe(text, pattern, match));
        return true;
    });
    return {{"count", matches.size()}, {"truncated", truncated}, {"matches", matches}};
}

// `$1`, `${name}`, `${1}`, `$0` or `$&` for the whole match, `$$` for a dollar.
class Replacement {
  public:
    Replacement(std::string_view text, const Pattern &pattern) {
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] != '$') {
                const std::size_t end = std::min(text.find('$', at), text.size());
                parts_.push_back({std::string(text.substr(at, end - at)), nowhere});
                at = end;
            } else {
                at = reference(text, at + 1, pattern);
            }
        }
    }

    void append(std::string &out, const Text &text, const Slots &match) const {
        for (const auto &[literal, group] : parts_) {
            if (group == nowhere) out += literal;
            else if (match[2 * group] != nowhere && match[2 * group + 1] != nowhere) out += text.part(match[2 * group],
                match[2 * group + 1]);
            if (out.size() > skill::max_result_bytes) skill::too_large("The result is too large.");
        }
    }

  private:
    std::vector<std::pair<std::string, std::size_t>> parts_;

    static bool digit(char c) { return c >= '0' && c <= '9'; }

    std::size_t reference(std::string_view text, std::size_t at, const Pattern &pattern) {
        const char c = at < text.size() ? text[at] : '\0';
        if (c == '$') return parts_.push_back({"$", nowhere}), at + 1;
        if (c == '&') return parts_.push_back({{}, 0}), at + 1;
        std::size_t end = at;
        std::string_view name;
        if (c == '{') {
            end = std::min(text.find('}', at), text.size());
            name = text.substr(at + 1, end - at - 1);
            end = std::min(end + 1, text.size());
        } else {
            while (end < text.size() && end - at < 2 && digit(text[end])) ++end;
            name = text.substr(at, end - at);
        }
        parts_.push_back({{}, group(name, pattern)});
        return end;
    }

    static std::size_t group(std::string_view name, const Pattern &pattern) {
        if (!name.empty() && name.size() <= 2 && std::all_of(name.begin(), name.end(), digit)) {
            const auto number = static_cast<std::size_t>(std::stoul(std::string(name)));
            if (number < pattern.names.size()) return number;
        }
        for (std::size_t i = 1; i < pattern.names.size(); ++i) {
            if (!name.empty() && pattern.names[i] == name) return i;
        }
        skill::reject("invalid_replacement", "The replacement names a group the pattern does not have.",
                      "Found '$" + std::string(name.substr(0, 64)) + "'; write '$$' for a dollar sign.");
    }
};

json replace(const Params &params, Call &call) {
    const auto most = static_cast<std::size_t>(params.integer("max_matches", 10'000, 1, 1'000'000));
    const Pattern pattern = regex::Parser(params.string("pattern")).parse();
    const Replacement replacement(params.string("replacement"), pattern);
    const Text text(params.text());
    Machine machine(pattern, flags(params), text.points, call);
    std::string out;
    std::size_t count = 0, copied = 0;
    for_each_match(machine, text.points.size(), [&](const Slots &match) {
        if (count == most) return false;
        ++count;
        out += text.part(copied, match[0]);
        replacement.append(out, text, match);
        copied = match[1];
        return true;
    });
    out += text.part(copied, text.points.size());
    return {{"count", count}, {"text", out}};
}

json test(const Params &params, Call &call) {
    const Pattern pattern = regex::Parser(params.string("pattern")).parse();
    const Text text(params.text());
    Machine machine(pattern, flags(params), text.points, call);
    return {{"matches", !machine.search(0, params.flag("whole", false)).empty()}};
}

constexpr skill::Operation operations[] = {{"extract", extract}, {"replace", replace}, {"test", test}};

}  // namespace

PRAXIMOUS_SKILL(operations);
