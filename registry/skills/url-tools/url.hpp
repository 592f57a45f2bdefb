// A URL by RFC 3986, its parts still percent-encoded. Reading is strict: what the grammar does not
// allow is refused, above all control characters, which split requests and logs.
#pragma once

#include <common/encoding.hpp>
#include <common/skill.hpp>
#include <common/utf8.hpp>

#include <optional>
#include <string>
#include <vector>

namespace url {

inline constexpr std::size_t max_url_bytes = 64 * 1024;

struct Url {
    std::optional<std::string> scheme, userinfo, host, query, fragment;
    std::optional<unsigned> port;
    std::string path;
};

[[noreturn]] inline void refuse(const std::string &why) { skill::reject("invalid_url", "The URL is not valid.", why); }

inline bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_unreserved(char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~'; }
inline bool is_sub_delimiter(char c) { return c != '\0' &&
    std::string_view("!$&'()*+,;=").find(c) != std::string_view::npos; }

inline std::string lowered(std::string_view text) {
    std::string out(text);
    for (char &c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

inline std::string percent_encode(std::string_view text, std::string_view also_kept) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c) || also_kept.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += "0123456789ABCDEF"[byte >> 4];
        out += "0123456789ABCDEF"[byte & 15];
    }
    return out;
}

// Any bytes may come out; the caller checks that they are text.
inline std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? encoding::hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? encoding::hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) refuse("'%' at byte " + std::to_string(i) + " is not followed by two hex digits.");
        out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
        i += 2;
    }
    return out;
}

inline std::string decoded_text(std::string_view text, bool plus_is_space) {
    std::string out = percent_decode(text, plus_is_space);
    if (!utf8::valid(out)) refuse("The percent-encoded bytes are not UTF-8.");
    return out;
}

inline void check_characters(std::string_view part, std::string_view allowed, const char *what) {
    for (std::size_t i = 0; i < part.size(); ++i) {
        const char c = part[i];
        if (c == '%') {
            const bool triplet = part.size() - i > 2 && encoding::hex_digit(part[i + 1]) >= 0 &&
                encoding::hex_digit(part[i + 2]) >= 0;
            if (!triplet) refuse(std::string("'%' in the ") + what + " is not followed by two hex digits.");
        } else if (!is_unreserved(c) && !is_sub_delimiter(c) && allowed.find(c) == std::string_view::npos) {
            const auto byte = static_cast<unsigned char>(c);
            const bool shown = byte > 0x20 && byte < 0x7F;
            refuse(std::string("The ") + what + " holds " + (shown ? "'" + std::string(1, c) + "'" : "byte " +
                std::to_string(byte)) + ", which must be percent-encoded.");
        }
    }
}

inline bool is_ipv4(std::string_view text) {
    int parts = 0;
    for (std::size_t at = 0; at <= text.size(); ++parts) {
        const std::size_t end = std::min(text.find('.', at), text.size());
        const auto part = text.substr(at, end - at);
        if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return false;
        int value = 0;
        for (const char c : part) {
            if (!is_digit(c)) return false;
            value = value * 10 + (c - '0');
        }
        if (value > 255) return false;
        at = end + 1;
    }
    return parts == 4;
}

// The groups of an IPv6 address without brackets, as RFC 3986 (RFC 4291) writes it.
inline bool is_ipv6(std::string_view text) {
    int groups = 0;
    bool shortened = false;
    if (text.substr(0, 2) == "::") {
        shortened = true;
        text.remove_prefix(2);
        if (text.empty()) return true;
    }
    for (;;) {
        const std::size_t end = std::min(text.find(':'), text.size());
        const auto group = text.substr(0, end);
        if (group.find('.') != std::string_view::npos) {
            if (end != text.size() || !is_ipv4(group)) return false;
            groups += 2;
            break;
        }
        if (group.empty() || group.size() > 4) return false;
        for (const char c : group) if (encoding::hex_digit(c) < 0) return false;
        ++groups;
        if (end == text.size()) break;
        text.remove_prefix(end + 1);
        if (text.empty()) return false;  // ends with a single colon
        if (text.front() == ':') {
            if (shortened) return false;
            shortened = true;
            text.remove_prefix(1);
            if (text.empty()) break;
        }
    }
    return shortened ? groups < 8 : groups == 8;
}

inline const char *host_kind(const std::string &host) {
    if (!host.empty() && host.front() == '[') return "ipv6";
    return is_ipv4(host) ? "ipv4" : "name";
}

inline void check_host(std::string_view host) {
    if (host.empty() || host.front() != '[') return check_characters(host, "", "host");
    if (host.back() != ']' || !is_ipv6(host.substr(1, host.size() - 2)))
        refuse("The host is in brackets but is not an IPv6 address.");
}

inline void read_port(std::string_view text, Url &url) {
    if (text.empty()) return;  // RFC 3986 allows "host:"; it means no port
    unsigned port = 0;
    for (const char c : text) {
        if (!is_digit(c) || port > 65535) refuse("The port is not a number from 0 to 65535.");
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    if (port > 65535) refuse("The port is not a number from 0 to 65535.");
    url.port = port;
}

inline void read_authority(std::string_view text, Url &url) {
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        check_characters(text.substr(0, at), ":", "user information");
        url.userinfo = text.substr(0, at);
        text.remove_prefix(at + 1);
    }
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    url.host = text.substr(0, colon);
    check_host(*url.host);
    if (colon != std::string_view::npos) read_port(text.substr(colon + 1), url);
}

inline bool is_scheme(std::string_view text) {
    if (text.empty() || !is_alpha(text.front())) return false;
    for (const char c : text) if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
    return true;
}

inline Url read(std::string_view text) {
    if (text.size() > max_url_bytes) refuse("It is longer than " + std::to_string(max_url_bytes) + " bytes.");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) refuse("It holds the control character " + std::to_string(byte) + ".");
    }
    Url url;
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
        url.fragment = text.substr(hash + 1);
        check_characters(*url.fragment, ":@/?", "fragment");
        text = text.substr(0, hash);
    }
    if (const auto mark = text.find('?'); mark != std::string_view::npos) {
        url.query = text.substr(mark + 1);
        check_characters(*url.query, ":@/?", "query");
        text = text.substr(0, mark);
    }
    if (const auto colon = text.find(':'); colon != std::string_view::npos && colon < text.find('/')) {
        if (!is_scheme(text.substr(0, colon))) refuse("The part before the first ':' is not a scheme.");
        url.scheme = lowered(text.substr(0, colon));
        text.remove_prefix(colon + 1);
    }
    if (text.substr(0, 2) == "//") {
        text.remove_prefix(2);
        const auto slash = std::min(text.find('/'), text.size());
        read_authority(text.substr(0, slash), url);
        text.remove_prefix(slash);
    }
    url.path = text;
    check_characters(url.path, ":@/", "path");
    return url;
}

inline std::string write(const Url &url) {
    std::string out;
    if (url.scheme) out += *url.scheme + ":";
    if (url.host) {
        out += "//";
        if (url.userinfo) out += *url.userinfo + "@";
        out += *url.host;
        if (url.port) out += ":" + std::to_string(*url.port);
    }
    out += url.path;
    if (url.query) out += "?" + *url.query;
    if (url.fragment) out += "#" + *url.fragment;
    return out;
}

struct Pair {
    std::string name, value;
};

// `a=1&b`: form rules, so `+` is a space.
inline std::vector<Pair> query_pairs(std::string_view query) {
    std::vector<Pair> pairs;
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const auto item = query.substr(at, end - at);
        at = end + 1;
        if (item.empty()) continue;
        const auto equals = std::min(item.find('='), item.size());
        const auto value = item.substr(std::min(equals + 1, item.size()));
        pairs.push_back({decoded_text(item.substr(0, equals), true), decoded_text(value, true)});
    }
    return pairs;
}

}  // namespace url
