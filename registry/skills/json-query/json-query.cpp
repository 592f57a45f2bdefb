// Selects values out of JSON by JSONPath or JSON Pointer, lists keys, and flattens.
#include "evaluate.hpp"

namespace {

using jsonpath::Evaluator;
using jsonpath::Node;
using skill::Call;
using skill::json;
using skill::Params;

// Results repeat parts of the document, so a small document can make a huge answer: add it up first.
class Budget {
  public:
    void spend(std::size_t bytes) {
        spent_ += bytes;
        if (spent_ > skill::max_result_bytes) {
            skill::too_large("The result is too large.", "Use a narrower path or a smaller 'max_matches'.");
        }
    }
    void spend(const json &value) { spend(value.dump().size()); }

  private:
    std::size_t spent_ = 0;
};

json document(const Params &params) {
    const json *value = params.find("document");
    return value != nullptr ? *value : skill::parse_json(params.text(), "The document");
}

// RFC 6901.
std::vector<Node> follow(std::string_view pointer, Evaluator &evaluator, const json &root) {
    Node node{&root, Evaluator::root};
    for (std::size_t at = 0; at < pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        std::string token;
        for (std::size_t i = at + 1; i < end; ++i) {
            if (pointer[i] != '~') {
                token += pointer[i];
                continue;
            }
            const char next = ++i < end ? pointer[i] : '\0';
            if (next != '0' && next != '1') skill::reject("invalid_path", "The path is not valid.",
                "In a JSON Pointer '~' is followed by 0 or 1.");
            token += next == '0' ? '~' : '/';
        }
        at = end;
        if (node.value->is_object()) {
            const auto &members = node.value->get_ref<const json::object_t &>();
            const auto found = members.find(token);
            if (found == members.end()) return {};
            node = evaluator.child(node, found->first, found->second);
        } else if (node.value->is_array()) {
            const bool digits = !token.empty() && token.size() < 10 &&
                token.find_first_not_of("0123456789") == std::string::npos;
            if (!digits || (token.size() > 1 && token[0] == '0')) return {};
            const auto index = static_cast<std::size_t>(std::stoul(token));
            if (index >= node.value->size()) return {};
            node = evaluator.child(node, index);
        } else {
            return {};
        }
    }
    return {node};
}

std::vector<Node> find(const Params &params, Evaluator &evaluator, const json &root) {
    const auto path = params.string("path", "$");
    if (path.size() > jsonpath::max_path_bytes) skill::reject("invalid_path", "The path is too long.");
    if (path.empty() || path.front() == '/') return follow(path, evaluator, root);
    return evaluator.run(jsonpath::Parser(path).parse());
}

json query(const Params &params, Call &call) {
    const auto most = static_cast<std::size_t>(params.integer("max_matches", 1000, 1, 10'000));
    const json root = document(params);
    Evaluator evaluator(root, call);
    const auto nodes = find(params, evaluator, root);
    json matches = json::array(), paths = json::array();
    Budget budget;
    for (const Node &node : nodes) {
        if (matches.size() == most) break;
        call.poll();
        std::string path = evaluator.path(node.step);
        budget.spend(path.size());
        budget.spend(*node.value);
        matches.push_back(*node.value);
        paths.push_back(std::move(path));
    }
    return {{"count", nodes.size()}, {"truncated", matches.size() < nodes.size()}, {"matches", matches}, {"paths",
        paths}};
}

const Node &single(const std::vector<Node> &nodes) {
    if (nodes.size() != 1) {
        skill::reject("not_one_value", "The path does not select exactly one value.",
                      "It selects " + std::to_string(nodes.size()) + ".");
    }
    return nodes.front();
}

json keys(const Params &params, Call &call) {
    const json root = document(params);
    Evaluator evaluator(root, call);
    const json &value = *single(find(params, evaluator, root)).value;
    if (!value.is_object()) {
        skill::reject("not_an_object", "Only an object has keys.", std::string("The path selects ") +
            value.type_name() + ".");
    }
    json names = json::array(), types = json::object();
    for (const auto &[key, member] : value.get_ref<const json::object_t &>()) {
        names.push_back(key);
        types[key] = member.type_name();
    }
    return {{"count", names.size()}, {"keys", names}, {"types", types}};
}

bool is_plain(const std::string &key) {
    for (const char c : key) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
            static_cast<unsigned char>(c) >= 0x80;
        if (!letter && (c < '0' || c > '9') && c != '-') return false;
    }
    return !key.empty();
}

std::string pointer_token(const std::string &key) {
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

struct Flattener {
    bool pointers;
    Call &call;
    Budget budget;
    json flat = json::object();

    std::string member(const std::string &prefix, const std::string &key) const {
        if (pointers) return prefix + "/" + pointer_token(key);
        if (!is_plain(key)) return prefix + "[" + Evaluator::quote(key) + "]";
        return prefix.empty() ? key : prefix + "." + key;
    }

    // Bounded by the document's depth.
    void add(const std::string &prefix, const json &value) {
        call.step();
        if (value.is_structured() && !value.empty()) {
            if (value.is_object()) {
                for (const auto &[key, child] : value.get_ref<const json::object_t &>()) add(member(prefix, key),
                    child);
            } else {
                for (std::size_t i = 0; i < value.size(); ++i) {
                    const auto index = std::to_string(i);
                    add(pointers ? prefix + "/" + index : prefix + "[" + index + "]", value[i]);
                }
            }
            return;
        }
        const std::string &name = prefix.empty() && !pointers ? "$" : prefix;
        budget.spend(name.size() + 4);
        budget.spend(value);
        flat[name] = value;
    }
};

json flatten(const Params &params, Call &call) {
    const bool pointers = params.choice("style", {"dotted", "pointer"}) == "pointer";
    const json root = document(params);
    Evaluator evaluator(root, call);
    const json &value = *single(find(params, evaluator, root)).value;
    Flattener flattener{pointers, call, {}};
    flattener.add("", value);
    return {{"count", flattener.flat.size()}, {"flat", flattener.flat}};
}

constexpr skill::Operation operations[] = {{"query", query}, {"keys", keys}, {"flatten", flatten}};

}  // namespace

PRAXIMOUS_SKILL(operations);
