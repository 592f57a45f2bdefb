// What every store skill shares: the C tables, the border no exception crosses, and limits.
//
// A skill is one translation unit. It includes this header, writes one function per operation and
// ends with PRAXIMOUS_SKILL(table). The build passes SKILL_ID, SKILL_VERSION and the file
// operations.inc, all read from skill.yaml, so the manifest is the only place that states them.
#pragma once

#include <praximous/plugin.h>

#define JSON_USE_IMPLICIT_CONVERSIONS 0
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <string>
#include <string_view>

namespace skill {

using json = nlohmann::json;

inline constexpr std::size_t max_text_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_result_bytes = std::size_t{4} << 20;
// nlohmann's writer recurses once per level, so depth is bounded before a value is built.
inline constexpr std::size_t max_depth = 200;

// The one exception type of the skills: how a call ends when it cannot end well.
struct Failure {
    prax_status status;
    const char *code;
    std::string message;
    std::string detail;
};

[[noreturn]] inline void reject(const char *code, std::string message, std::string detail = {}) {
    throw Failure{PRAX_E_INVALID, code, std::move(message), std::move(detail)};
}

[[noreturn]] inline void too_large(std::string message, std::string detail = {}) {
    throw Failure{PRAX_E_TOO_LARGE, "too_large", std::move(message), std::move(detail)};
}

inline prax_str str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(prax_str text) {
    return text.ptr == nullptr ? std::string_view{} : std::string_view{text.ptr, text.len};
}

// One request being served. Loops report their progress, and a cancelled call unwinds from there.
class Call {
  public:
    Call(const prax_host_call *service, prax_call id) : service_(service), id_(id) {}

    void step(std::size_t work = 1) {
        pending_ += work;
        if (pending_ < poll_interval) return;
        total_ += pending_;
        pending_ = 0;
        poll();
        if (total_ > max_work) {
            too_large("The request needs too much work.", "Use a smaller input or a simpler expression.");
        }
    }

    void poll() const {
        if (service_->is_cancelled(id_) != 0) {
            throw Failure{PRAX_E_CANCELLED, "cancelled", "The call was cancelled.", {}};
        }
    }

    prax_status finish(std::string_view result) const { return service_->finish(id_, str(result)); }

    prax_status fail(const Failure &failure) const {
        // A detail may quote a few bytes of the request, and cut a character in two.
        const std::string detail = failure.detail.empty()
                                       ? std::string{}
                                       : json(failure.detail).dump(-1, ' ', false, json::error_handler_t::replace);
        const prax_str absent{nullptr, 0};
        return service_->fail(id_, failure.status, str(failure.code), str(failure.message),
                              detail.empty() ? absent : str(detail), 0);
    }

  private:
    static constexpr std::size_t poll_interval = std::size_t{1} << 16;
    static constexpr std::uint64_t max_work = 400'000'000;  // a few seconds of inner-loop steps

    const prax_host_call *service_;
    prax_call id_;
    std::size_t pending_ = 0;
    std::uint64_t total_ = 0;
};

// True when brackets outside strings nest deeper than `limit`. Linear, and needs no valid JSON.
inline bool nests_deeper(std::string_view text, std::size_t limit) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            else if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > limit) return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

inline json parse_json(std::string_view text, const char *what) {
    if (nests_deeper(text, max_depth)) {
        reject("too_deep", std::string(what) + " is nested too deeply.",
               "At most " + std::to_string(max_depth) + " levels are read.");
    }
    try {
        return json::parse(text);
    } catch (const json::exception &error) {
        std::string reason = error.what();
        // The library prefixes its own name and number: "[json.exception.parse_error.101] ...".
        if (const auto end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
        reject("invalid_json", std::string(what) + " is not valid JSON.", reason);
    }
}

// The request's members. The host has checked them against the manifest's schema; a skill run
// without a host has not, so types and ranges are checked here again.
class Params {
  public:
    explicit Params(const json &object) : object_(object) {}

    const json *find(const char *name) const {
        const auto found = object_.find(name);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    const json &required(const char *name) const {
        const json *value = find(name);
        if (value == nullptr) reject("missing_parameter", std::string("Missing parameter '") + name + "'.");
        return *value;
    }

    // `text`, or `prompt`, which is what a plain request carries.
    std::string_view text() const { return find("text") == nullptr && find("prompt") != nullptr ? string("prompt") :
        string("text"); }

    std::string_view string(const char *name) const {
        const json &value = required(name);
        if (!value.is_string()) wrong_type(name, "a string", value);
        const auto &text = value.get_ref<const std::string &>();
        if (text.size() > max_text_bytes) {
            too_large(std::string("Parameter '") + name + "' is too large.",
                      "At most " + std::to_string(max_text_bytes) + " bytes are read.");
        }
        return text;
    }

    std::string_view string(const char *name, std::string_view fallback) const {
        return find(name) == nullptr ? fallback : string(name);
    }

    std::int64_t integer(const char *name, std::int64_t fallback, std::int64_t low, std::int64_t high) const {
        const json *value = find(name);
        if (value == nullptr) return fallback;
        const bool fits = value->is_number_unsigned()
                              ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                              : value->is_number_integer();
        if (!fits) wrong_type(name, "an integer", *value);
        const auto number = value->get<std::int64_t>();
        if (number < low || number > high) {
            reject("invalid_parameter", std::string("Parameter '") + name + "' is out of range.",
                   "Expected " + std::to_string(low) + " to " + std::to_string(high) + ", found " +
                       std::to_string(number) + ".");
        }
        return number;
    }

    bool flag(const char *name, bool fallback) const {
        const json *value = find(name);
        if (value == nullptr) return fallback;
        if (!value->is_boolean()) wrong_type(name, "true or false", *value);
        return value->get<bool>();
    }

    // The first choice is the default.
    std::string_view choice(const char *name, std::initializer_list<std::string_view> choices) const {
        const std::string_view found = string(name, *choices.begin());
        std::string expected;
        for (const auto choice : choices) {
            if (choice == found) return choice;
            expected += expected.empty() ? "" : ", ";
            expected += choice;
        }
        reject("invalid_parameter", std::string("Parameter '") + name + "' has an unknown value.",
               "Expected one of " + expected + "; found '" + std::string(found.substr(0, 64)) + "'.");
    }

    [[noreturn]] static void wrong_type(const char *name, const char *expected, const json &found) {
        reject("invalid_parameter", std::string("Parameter '") + name + "' has the wrong type.",
               std::string("Expected ") + expected + ", found " + found.type_name() + ".");
    }

  private:
    const json &object_;
};

struct Operation {
    std::string_view name;
    json (*run)(const Params &params, Call &call);
};

struct Skill {
    const prax_host_call *calls;
};

inline const char *const operations_json =
#include "operations.inc"
    ;

inline std::string answer(const Operation &operation, std::string_view params_json, Call &call) {
    const json request = parse_json(params_json, "The request");
    if (!request.is_object()) reject("invalid_request", "The request is not a JSON object.");
    std::string text = operation.run(Params(request), call).dump();
    if (text.size() > max_result_bytes) {
        too_large("The result is too large.",
                  "At most " + std::to_string(max_result_bytes) + " bytes are returned.");
    }
    return text;
}

inline prax_status end(const Call &call, const Failure &failure) noexcept {
    try {
        call.fail(failure);
        return PRAX_OK;
    } catch (...) {
        return PRAX_E_INTERNAL;  // no memory even for the error: the status alone must do
    }
}

template <std::size_t Count>
prax_status execute(const Operation (&table)[Count], prax_instance *instance, prax_call id, prax_str name,
                    prax_str params) noexcept {
    Call call(reinterpret_cast<Skill *>(instance)->calls, id);
    try {
        for (const Operation &operation : table) {
            if (operation.name != view(name)) continue;
            const std::string text = answer(operation, view(params), call);
            call.finish(text);
            return PRAX_OK;
        }
        throw Failure{PRAX_E_UNSUPPORTED, "unsupported_operation", "Unsupported Operation",
                      "Operation '" + std::string(view(name)) + "' is not supported."};
    } catch (const Failure &failure) {
        return end(call, failure);
    } catch (const std::bad_alloc &) {
        return end(call, {PRAX_E_TOO_LARGE, "out_of_memory", "The request needs too much memory.", {}});
    } catch (...) {
        return end(call, {PRAX_E_INTERNAL, "internal", "The skill failed unexpectedly.", {}});
    }
}

inline prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) noexcept {
    const auto refuse = [&](std::string_view why) -> prax_instance * {
        if (err != nullptr) err(err_ctx, str(why));
        return nullptr;
    };
    if (!PRAX_HAS(host, get_extension)) return refuse("the host's table is too small");
    const auto *calls = static_cast<const prax_host_call *>(host->get_extension(host->ctx, PRAX_EXT_HOST_CALL));
    if (!PRAX_HAS(calls, fail)) return refuse("the host does not offer " PRAX_EXT_HOST_CALL);
    auto *made = new (std::nothrow) Skill{calls};
    return made == nullptr ? refuse("out of memory") : reinterpret_cast<prax_instance *>(made);
}

inline void destroy(prax_instance *instance) noexcept { delete reinterpret_cast<Skill *>(instance); }

inline prax_str describe(prax_instance *) noexcept { return str(operations_json); }

}  // namespace skill

// Calls keep no state in the instance, so they may overlap and two instances may live at once.
#define PRAXIMOUS_SKILL(table)                                                                               \
    namespace {                                                                                              \
    prax_status run_operation(prax_instance *instance, prax_call call, prax_str name, prax_str params) {     \
        return skill::execute(table, instance, call, name, params);                                          \
    }                                                                                                        \
    constexpr prax_skill skill_table{sizeof(prax_skill), skill::describe, run_operation};                    \
    const void *find_interface(prax_instance *, const char *id) {                                            \
        return std::string_view(id) == PRAX_IFACE_SKILL ? &skill_table : nullptr;                            \
    }                                                                                                        \
    constexpr prax_plugin plugin_table{PRAX_MAGIC,                                                           \
                                       sizeof(prax_plugin),                                                  \
                                       PRAX_ABI_MAJOR,                                                       \
                                       PRAX_ABI_MINOR,                                                       \
                                       0,                                                                    \
                                       PRAX_F_CONCURRENT | PRAX_F_RELOADABLE,                                \
                                       {SKILL_ID, sizeof(SKILL_ID) - 1},                                     \
                                       {SKILL_VERSION, sizeof(SKILL_VERSION) - 1},                           \
                                       {"store", 5},                                                         \
                                       skill::create,                                                        \
                                       find_interface,                                                       \
                                       nullptr,                                                              \
                                       nullptr,                                                              \
                                       skill::destroy};                                                      \
    }                                                                                                        \
    extern "C" PRAX_EXPORT const prax_plugin *prax_plugin_entry(uint32_t major, uint32_t) {                  \
        return major == PRAX_ABI_MAJOR ? &plugin_table : nullptr;                                            \
    }                                                                                                        \
    static_assert(sizeof(table) > 0, "a skill has at least one operation")
