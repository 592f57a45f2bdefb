// HTML character references: numeric ones, and the names people write.
#pragma once

#include <common/utf8.hpp>

#include <string>
#include <string_view>

namespace markdown {

struct Entity {
    std::string_view name, text;
};

inline constexpr Entity entities[] = {
    {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"copy", "©"}, {"reg", "®"},
    {"trade", "™"}, {"hellip", "…"}, {"mdash", "—"}, {"ndash", "–"}, {"lsquo", "‘"}, {"rsquo", "’"}, {"ldquo", "“"},
    {"rdquo", "”"}, {"laquo", "«"}, {"raquo", "»"}, {"bull", "•"}, {"middot", "·"}, {"deg", "°"}, {"plusmn", "±"},
    {"times", "×"}, {"divide", "÷"}, {"frac12", "½"}, {"frac14", "¼"}, {"frac34", "¾"}, {"sect", "§"}, {"para", "¶"},
    {"euro", "€"}, {"pound", "£"}, {"yen", "¥"}, {"cent", "¢"}, {"larr", "←"}, {"rarr", "→"}, {"uarr", "↑"}, {"darr", "↓"},
    {"harr", "↔"}, {"infin", "∞"}, {"ne", "≠"}, {"le", "≤"}, {"ge", "≥"}, {"micro", "µ"}, {"alpha", "α"}, {"beta", "β"},
    {"gamma", "γ"}, {"delta", "δ"}, {"lambda", "λ"}, {"pi", "π"}, {"sigma", "σ"}, {"omega", "ω"}, {"auml", "ä"},
    {"ouml", "ö"}, {"uuml", "ü"}, {"Auml", "Ä"}, {"Ouml", "Ö"}, {"Uuml", "Ü"}, {"szlig", "ß"}, {"eacute", "é"},
    {"egrave", "è"}, {"ecirc", "ê"}, {"agrave", "à"}, {"aacute", "á"}, {"acirc", "â"}, {"ccedil", "ç"}, {"ntilde", "ñ"},
    {"oacute", "ó"}, {"ocirc", "ô"}, {"uacute", "ú"}, {"iacute", "í"}, {"oslash", "ø"}, {"aring", "å"}, {"aelig", "æ"},
    {"shy", ""}, {"zwj", ""}, {"zwnj", ""}, {"ensp", " "}, {"emsp", " "}, {"thinsp", " "},
};

// Appends what the reference at `at` stands for and returns its length; 0 when there is none.
inline std::size_t read_entity(std::string_view text, std::size_t at, std::string &out) {
    const auto end = text.substr(at, 12).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    const auto name = text.substr(at + 1, end - 1);
    if (name[0] != '#') {
        for (const Entity &entity : entities) {
            if (entity.name == name) return out += entity.text, end + 1;
        }
        return 0;
    }
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const auto digits = name.substr(hex ? 2 : 1);
    if (digits.empty() || digits.size() > 7) return 0;
    char32_t code = 0;
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : hex &&
            c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return 0;
        code = code * (hex ? 16 : 10) + static_cast<char32_t>(digit);
    }
    const bool allowed = code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    utf8::append(out, allowed ? code : 0xFFFD);
    return end + 1;
}

}  // namespace markdown
