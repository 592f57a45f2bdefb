// Hex (either case in, lower case out) and base64 (RFC 4648 sections 4 and 5, padding optional in).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace encoding {

inline int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

inline std::string to_hex(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

inline bool from_hex(std::string_view text, std::string &bytes) {
    if (text.size() % 2 != 0) return false;
    bytes.clear();
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        bytes += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    }
    return true;
}

inline constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

inline std::string to_base64(std::string_view bytes, bool for_urls) {
    const auto digit = [&](std::uint32_t six) {
        return six < 62 ? alphabet[six] : six == 62 ? (for_urls ? '-' : '+') : (for_urls ? '_' : '/');
    };
    std::string out;
    out.reserve(bytes.size() / 3 * 4 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            if (k <= count) out += digit(group >> (18 - 6 * k) & 63u);
            else if (!for_urls) out += '=';
        }
    }
    return out;
}

inline bool from_base64(std::string_view text, std::string &bytes, bool for_urls) {
    if (text.size() % 4 == 0 && !text.empty() && text.back() == '=') {
        text.remove_suffix(text[text.size() - 2] == '=' ? 2 : 1);
    }
    if (text.size() % 4 == 1) return false;
    bytes.clear();
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        std::size_t six = alphabet.find(c);
        if (six == std::string_view::npos) {
            if (c == (for_urls ? '-' : '+')) six = 62;
            else if (c == (for_urls ? '_' : '/')) six = 63;
            else return false;
        }
        bits = (bits << 6 | static_cast<std::uint32_t>(six)) & 0xFFFFu;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(static_cast<unsigned char>(bits >> held));
    }
    return (bits & ((1u << held) - 1)) == 0;  // leftover bits would make two texts mean one value
}

inline std::string encode(std::string_view bytes, std::string_view format) {
    return format == "hex" ? to_hex(bytes) : to_base64(bytes, format == "base64url");
}

inline bool decode(std::string_view text, std::string_view format, std::string &bytes) {
    return format == "hex" ? from_hex(text, bytes) : from_base64(text, bytes, format == "base64url");
}

}  // namespace encoding
