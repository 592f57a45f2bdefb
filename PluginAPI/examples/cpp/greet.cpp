// A complete skill: {"name": "Ada"} gives {"greeting": "Hello, Ada!"}.
#include <praximous/extras/json.h>
#include <praximous/plugin.h>

#include <cstring>
#include <exception>
#include <new>
#include <string>

struct prax_instance {
    const prax_host_call *calls;
};

namespace {

prax_str view(const std::string &text) {
    return {text.data(), text.size()};
}

std::string greeting(prax_str params_json) {
    // What stands between the quotes of one JSON string may stand between those of another: nothing to decode.
    prax_str name = prax_json_inside(prax_json_member(params_json, "name"));
    return "{\"greeting\":\"Hello, " + std::string(name.ptr, name.len) + "!\"}";
}

// Whatever is thrown ends here: an exception that crossed the border would end the process.
prax_status execute(prax_instance *self, prax_call call, prax_str, prax_str params_json) noexcept {
    try {
        return self->calls->finish(call, view(greeting(params_json)));
    } catch (const std::exception &error) {
        prax_str what = {error.what(), std::strlen(error.what())};
        return self->calls->fail(call, PRAX_E_INTERNAL, PRAX_STR("exception"), what, prax_str{}, 0);
    } catch (...) {
        return PRAX_E_INTERNAL;
    }
}

// Absent: as skill.yaml says.
prax_str describe(prax_instance *) noexcept {
    return {};
}

prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) noexcept {
    auto calls = static_cast<const prax_host_call *>(host->get_extension(host->ctx, PRAX_EXT_HOST_CALL));
    auto self = new (std::nothrow) prax_instance{calls};
    if (self == nullptr) err(err_ctx, PRAX_STR("out of memory"));
    return self;
}

constexpr prax_skill skill = {sizeof(prax_skill), describe, execute};

const void *get_interface(prax_instance *, const char *id) noexcept {
    return std::strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : nullptr;
}

void destroy(prax_instance *self) noexcept {
    delete self;
}

constexpr prax_plugin plugin = {
    PRAX_MAGIC,
    sizeof(prax_plugin),
    PRAX_ABI_MAJOR,
    PRAX_ABI_MINOR,
    0, // works with every minor of this major
    PRAX_F_CONCURRENT | PRAX_F_RELOADABLE,
    PRAX_STR_INIT("example/greet-cpp"),
    PRAX_STR_INIT("1.0.0"),
    PRAX_STR_INIT(""),
    create,
    get_interface,
    nullptr, // reconfigure: a new instance will do
    nullptr, // quiesce: no call runs for long
    destroy,
};

} // namespace

const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t) {
    return host_major == PRAX_ABI_MAJOR ? &plugin : nullptr;
}
