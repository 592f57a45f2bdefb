// RFC 3986 section 6: one spelling for URLs that mean the same.
#pragma once

#include "url.hpp"

namespace url {

// Triplets of unreserved characters are decoded, the others get upper-case digits.
inline std::string normal_escapes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const char c = percent_decode(text.substr(i, 3), false)[0];
        out += is_unreserved(c) ? std::string(1, c) : percent_encode(std::string_view(&c, 1), "");
        i += 2;
    }
    return out;
}

// Section 5.2.4, on whole segments.
inline std::string without_dots(std::string_view path) {
    const bool absolute = !path.empty() && path.front() == '/';
    std::vector<std::string_view> kept;
    bool ends_in_directory = false;
    for (std::size_t at = absolute ? 1 : 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        at = end + 1;
        ends_in_directory = segment == "." || segment == "..";
        if (segment == ".") continue;
        if (segment != "..") kept.push_back(segment);
        else if (!kept.empty()) kept.pop_back();
    }
    std::string out = absolute ? "/" : "";
    for (std::size_t i = 0; i < kept.size(); ++i) (i > 0 ? out += '/' : out).append(kept[i]);
    if (ends_in_directory && !kept.empty()) out += '/';
    return out;
}

inline unsigned default_port(std::string_view scheme) {
    if (scheme == "http" || scheme == "ws") return 80;
    if (scheme == "https" || scheme == "wss") return 443;
    return scheme == "ftp" ? 21 : 0;
}

inline Url normalized(Url url) {
    if (url.userinfo) url.userinfo = normal_escapes(*url.userinfo);
    // A triplet decodes to a letter at most, so lowering comes second; then its digits go up again.
    if (url.host) url.host = normal_escapes(lowered(normal_escapes(*url.host)));
    url.path = normal_escapes(url.path);
    if (url.query) url.query = normal_escapes(*url.query);
    if (url.fragment) url.fragment = normal_escapes(*url.fragment);
    const unsigned usual = default_port(url.scheme.value_or(""));
    if (usual != 0 && url.port == usual) url.port.reset();
    const bool hierarchical = url.host || (!url.path.empty() && url.path.front() == '/');
    if (url.scheme && hierarchical) url.path = without_dots(url.path);
    if (usual != 0 && url.host && url.path.empty()) url.path = "/";
    // Without an authority a path must not start with "//", or it would be read as one.
    if (!url.host && url.path.substr(0, 2) == "//") url.path.insert(0, "/.");
    return url;
}

}  // namespace url
