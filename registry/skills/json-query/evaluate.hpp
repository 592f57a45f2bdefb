// Runs a JSONPath query over a document and remembers where each match is.
#pragma once

#include "jsonpath.hpp"

namespace jsonpath {

using skill::json;

inline constexpr std::size_t max_nodes = 100'000;

// How a node was reached: a link to its parent's step and a key or an index. Shared by all matches.
struct Step {
    std::size_t parent;
    const std::string *key;
    std::size_t index;
};

struct Node {
    const json *value;
    std::size_t step;
};

class Evaluator {
  public:
    static constexpr std::size_t root = 0;

    Evaluator(const json &document, skill::Call &call) : document_(document), call_(call) {
        steps_.push_back({root, nullptr, 0});
    }

    std::vector<Node> run(const Query &query) { return run(query, {&document_, root}); }

    std::string path(std::size_t step) const {
        std::vector<const Step *> chain;
        for (; step != root; step = steps_[step].parent) chain.push_back(&steps_[step]);
        std::string out = "$";
        for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
            out += (*it)->key != nullptr ? "[" + quote(*(*it)->key) + "]" : "[" + std::to_string((*it)->index) + "]";
        }
        return out;
    }

    // RFC 9535 section 2.7: single quotes, and escapes only where they are needed.
    static std::string quote(const std::string &name) {
        std::string out = "'";
        for (const char c : name) {
            const auto byte = static_cast<unsigned char>(c);
            switch (c) {
                case '\'': out += "\\'"; break;
                case '\\': out += "\\\\"; break;
                case '\b': out += "\\b"; break;
                case '\f': out += "\\f"; break;
                case '\n': out += "\\n"; break;
                case '\r': out += "\\r"; break;
                case '\t': out += "\\t"; break;
                default:
                    if (byte < 0x20) {
                        out += "\\u00";
                        out += "01"[byte >> 4];
                        out += "0123456789abcdef"[byte & 15];
                    } else {
                        out += c;
                    }
            }
        }
        return out += "'";
    }

    Node child(const Node &parent, const std::string &key, const json &value) {
        return {&value, add({parent.step, &key, 0})};
    }
    Node child(const Node &parent, std::size_t index) {
        return {&(*parent.value)[index], add({parent.step, nullptr, index})};
    }

  private:
    const json &document_;
    skill::Call &call_;
    std::vector<Step> steps_;
    int inside_filter_ = 0;

    // A filter's own query needs values only, so its steps are not kept.
    std::size_t add(Step step) {
        call_.step();
        if (inside_filter_ > 0) return root;
        if (steps_.size() > 10 * max_nodes) too_many();
        steps_.push_back(step);
        return steps_.size() - 1;
    }

    [[noreturn]] static void too_many() {
        skill::too_large("The path selects too many values.",
                         "At most " + std::to_string(max_nodes) + " values are kept at each step.");
    }

    static void keep(std::vector<Node> &nodes, Node node) {
        if (nodes.size() >= max_nodes) too_many();
        nodes.push_back(node);
    }

    std::vector<Node> run(const Query &query, Node start) {
        std::vector<Node> nodes{start};
        for (const Segment &segment : query.segments) {
            std::vector<Node> next;
            for (const Node &node : nodes) {
                if (segment.descends) descend(segment, node, next);
                else select(segment, node, next);
            }
            nodes = std::move(next);
        }
        return nodes;
    }

    // Recursion is bounded by the document's depth, which is bounded before it is parsed.
    void descend(const Segment &segment, const Node &node, std::vector<Node> &out) {
        call_.step();
        select(segment, node, out);
        for_children(node, [&](const Node &child) { descend(segment, child, out); });
    }

    template <typename Body>
    void for_children(const Node &node, Body body) {
        if (node.value->is_object()) {
            for (const auto &[key, value] : node.value->get_ref<const json::object_t &>()) body(child(node, key,
                value));
        } else if (node.value->is_array()) {
            for (std::size_t i = 0; i < node.value->size(); ++i) body(child(node, i));
        }
    }

    void select(const Segment &segment, const Node &node, std::vector<Node> &out) {
        for (const Selector &selector : segment.selectors) {
            call_.step();
            switch (selector.kind) {
                case Selector::Kind::name: select_name(selector, node, out); break;
                case Selector::Kind::index: select_index(selector, node, out); break;
                case Selector::Kind::slice: select_slice(selector, node, out); break;
                case Selector::Kind::wildcard:
                    for_children(node, [&](const Node &child) { keep(out, child); });
                    break;
                case Selector::Kind::filter:
                    for_children(node, [&](const Node &child) {
                        ++inside_filter_;
                        const bool chosen = holds(*selector.filter, child);
                        --inside_filter_;
                        if (chosen) keep(out, child);
                    });
                    break;
            }
        }
    }

    void select_name(const Selector &selector, const Node &node, std::vector<Node> &out) {
        if (!node.value->is_object()) return;
        const auto &members = node.value->get_ref<const json::object_t &>();
        const auto found = members.find(selector.name);
        if (found != members.end()) keep(out, child(node, found->first, found->second));
    }

    void select_index(const Selector &selector, const Node &node, std::vector<Node> &out) {
        if (!node.value->is_array()) return;
        const auto size = static_cast<std::int64_t>(node.value->size());
        const std::int64_t index = selector.index < 0 ? selector.index + size : selector.index;
        if (index >= 0 && index < size) keep(out, child(node, static_cast<std::size_t>(index)));
    }

    // RFC 9535 section 2.3.4.2.2. All integers are within 2^53, so the sums cannot overflow.
    void select_slice(const Selector &selector, const Node &node, std::vector<Node> &out) {
        if (!node.value->is_array() || selector.step == 0) return;
        const auto size = static_cast<std::int64_t>(node.value->size());
        const bool forward = selector.step > 0;
        const auto place = [&](std::optional<std::int64_t> bound, std::int64_t fallback) {
            if (!bound) return fallback;
            const std::int64_t at = *bound < 0 ? *bound + size : *bound;
            const std::int64_t low = forward ? 0 : -1, high = forward ? size : size - 1;
            return at < low ? low : at > high ? high : at;
        };
        const std::int64_t start = place(selector.start, forward ? 0 : size - 1);
        const std::int64_t end = place(selector.end, forward ? size : -1);
        for (std::int64_t i = start; forward ? i < end : i > end; i += selector.step) {
            keep(out, child(node, static_cast<std::size_t>(i)));
        }
    }

    bool holds(const Filter &filter, const Node &node) {
        call_.step();
        switch (filter.kind) {
            case Filter::Kind::any_of:
                for (const Filter &part : filter.children) if (holds(part, node)) return true;
                return false;
            case Filter::Kind::all_of:
                for (const Filter &part : filter.children) if (!holds(part, node)) return false;
                return true;
            case Filter::Kind::negation: return !holds(filter.children.front(), node);
            case Filter::Kind::existence: return !run(filter.left, origin(filter.left, node)).empty();
            case Filter::Kind::comparison:
                return compare(filter.comparison, value_of(filter.left_literal, filter.left, node),
                               value_of(filter.right_literal, filter.right, node));
        }
        return false;
    }

    Node origin(const Query &query, const Node &node) const { return query.from_root ? Node{&document_, root} : node; }

    // NULL is the RFC's "Nothing": the path leads nowhere.
    const json *value_of(const std::optional<json> &literal, const Query &query, const Node &node) {
        if (literal) return &*literal;
        const auto found = run(query, origin(query, node));
        return found.empty() ? nullptr : found.front().value;
    }

    static bool compare(const std::string &word, const json *left, const json *right) {
        const bool equal = left == nullptr || right == nullptr ? left == right : *left == *right;
        if (word == "==") return equal;
        if (word == "!=") return !equal;
        if (word == "<=" || word == ">=") {
            if (equal) return true;
        }
        if (left == nullptr || right == nullptr) return false;
        const bool ordered = (left->is_number() && right->is_number()) || (left->is_string() && right->is_string());
        if (!ordered) return false;
        return word[0] == '<' ? *left < *right : *right < *left;
    }
};

}  // namespace jsonpath
