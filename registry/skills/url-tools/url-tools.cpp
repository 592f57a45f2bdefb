// URLs: parse, build, percent-encode, read queries, normalize.
#include "normalize.hpp"

namespace {

using skill::Call;
using skill::json;
using skill::Params;
using url::Url;

template <typename Value>
json or_null(const std::optional<Value> &value) {
    return value ? json(*value) : json(nullptr);
}

std::string_view url_param(const Params &params) { return params.find("url") != nullptr ? params.string("url") :
    params.text(); }

json pairs_of(const Url &url) {
    json pairs = json::array();
    for (const auto &[name, value] : url::query_pairs(url.query.value_or(""))) pairs.push_back({{"name", name},
        {"value", value}});
    return pairs;
}

json parse(const Params &params, Call &) {
    const Url url = url::read(url_param(params));
    json result{{"scheme", or_null(url.scheme)}, {"userinfo", or_null(url.userinfo)}, {"host", or_null(url.host)},
                {"port", or_null(url.port)},     {"path", url.path},                   {"query", or_null(url.query)},
                {"fragment", or_null(url.fragment)}, {"params", pairs_of(url)}};
    result["host_kind"] = url.host ? json(url::host_kind(*url.host)) : json(nullptr);
    const std::string path = url::percent_decode(url.path, false);
    result["decoded_path"] = utf8::valid(path) ? json(path) : json(nullptr);
    return result;
}

std::string query_text(const json &params) {
    std::string out;
    const auto add = [&](const std::string &name, const json &value) {
        std::string text;
        if (value.is_string()) text = value.get_ref<const std::string &>();
        else if (value.is_primitive() && !value.is_null()) text = value.dump();
        else skill::reject("invalid_parameter", "A query value is a string, a number or a boolean.", "Found " +
            std::string(value.type_name()) + " for '" + name.substr(0, 64) + "'.");
        out += (out.empty() ? "" : "&") + url::percent_encode(name, "") + "=" + url::percent_encode(text, "");
    };
    if (params.is_object()) {
        for (const auto &[name, value] : params.get_ref<const json::object_t &>()) {
            if (!value.is_array()) add(name, value);
            else for (const json &item : value) add(name, item);
        }
    } else if (params.is_array()) {
        for (const json &item : params) {
            const auto name = item.is_object() ? item.find("name") : item.end();
            if (!item.is_object() || name == item.end() || !name->is_string() || !item.contains("value")) {
                skill::reject("invalid_parameter", "An item of 'params' is an object with 'name' and 'value'.");
            }
            add(name->get<std::string>(), *item.find("value"));
        }
    } else {
        Params::wrong_type("params", "an object or an array", params);
    }
    return out;
}

std::string built_host(std::string_view host) {
    if (host.find(':') != std::string_view::npos && host.front() != '[') return "[" + std::string(host) + "]";
    return std::string(host);
}

// Parts are given decoded and are encoded here; what is already encoded would be encoded twice.
json build(const Params &params, Call &) {
    Url url;
    if (params.find("scheme") != nullptr) url.scheme = url::lowered(params.string("scheme"));
    if (url.scheme && !url::is_scheme(*url.scheme))
        url::refuse("The scheme is a letter, then letters, digits, '+', '-' or '.'.");
    if (params.find("host") != nullptr) url.host = built_host(params.string("host"));
    if (url.host) url::check_host(*url.host);  // "a/b" would be read as a host and a path
    if (params.find("userinfo") != nullptr) url.userinfo = url::percent_encode(params.string("userinfo"), ":");
    if (params.find("port") != nullptr) url.port = static_cast<unsigned>(params.integer("port", 0, 0, 65535));
    if (!url.host && (url.port || url.userinfo)) url::refuse("A port or user information needs a host.");
    url.path = url::percent_encode(params.string("path", ""), "/:@!$&'()*+,;=");
    if (url.host && !url.path.empty() && url.path.front() != '/') url.path.insert(0, "/");
    if (!url.host && url.path.substr(0, 2) == "//") url::refuse("Without a host a path cannot start with '//'.");
    // "a:b" alone would be read as a scheme.
    if (!url.scheme && !url.host && url.path.find(':') < url.path.find('/')) url.path.insert(0, "./");
    if (const json *query = params.find("params")) url.query = query_text(*query);
    if (params.find("fragment") != nullptr) url.fragment = url::percent_encode(params.string("fragment"),
        "/?:@!$&'()*+,;=");
    const std::string text = url::write(url);
    url::read(text);  // what is built must be readable
    return {{"url", text}};
}

json encode(const Params &params, Call &) {
    const auto mode = params.choice("mode", {"component", "path", "form"});
    std::string out = url::percent_encode(params.text(), mode == "path" ? "/" : mode == "form" ? " " : "");
    if (mode == "form") for (char &c : out) if (c == ' ') c = '+';
    return {{"text", out}};
}

json decode(const Params &params, Call &) {
    const auto mode = params.choice("mode", {"component", "path", "form"});
    return {{"text", url::decoded_text(params.text(), mode == "form")}};
}

json query_get(const Params &params, Call &) {
    const Url url = url::read(url_param(params));
    const auto name = params.string("name");
    json values = json::array();
    for (const auto &pair : url::query_pairs(url.query.value_or(""))) if (pair.name == name)
        values.push_back(pair.value);
    const json first = values.empty() ? json(nullptr) : values.front();
    return {{"name", name}, {"value", first}, {"values", values}, {"count", values.size()}};
}

json normalize(const Params &params, Call &) {
    const auto text = url_param(params);
    const std::string normal = url::write(url::normalized(url::read(text)));
    return {{"url", normal}, {"changed", normal != text}};
}

constexpr skill::Operation operations[] = {
    {"parse", parse}, {"build", build}, {"encode", encode}, {"decode", decode}, {"query_get", query_get}, {"normalize",
        normalize},
};

}  // namespace

PRAXIMOUS_SKILL(operations);
