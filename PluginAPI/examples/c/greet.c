/* A complete skill: {"name": "Ada"} gives {"greeting": "Hello, Ada!"}. */
#include <praximous/extras/json.h>
#include <praximous/plugin.h>

struct prax_instance {
    const prax_host_call *calls;
};

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    prax_json_writer result = {NULL, 0, 0, 0};
    prax_str name = prax_json_inside(prax_json_member(params_json, "name"));
    prax_status status;
    (void)operation;

    /* What stands between the quotes of one JSON string may stand between those of another: nothing to decode. */
    prax_json_raw(&result, PRAX_STR("{\"greeting\":\"Hello, "));
    prax_json_append(&result, name.ptr, name.len);
    prax_json_append(&result, "!\"}", 3);
    status = self->calls->finish(call, prax_json_text(&result));
    prax_json_free(&result);
    return status;
}

static prax_str describe(prax_instance *self) {
    prax_str as_in_skill_yaml = {NULL, 0};
    (void)self;
    return as_in_skill_yaml;
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = malloc(sizeof *self);
    if (self == NULL) {
        err(err_ctx, PRAX_STR("out of memory"));
        return NULL;
    }
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    return self;
}

static const void *get_interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = execute};
    (void)self;
    return strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : NULL;
}

static void destroy(prax_instance *self) {
    free(self);
}

const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const prax_plugin plugin = {
        .magic = PRAX_MAGIC,
        .size = sizeof(prax_plugin),
        .abi_major = PRAX_ABI_MAJOR,
        .abi_minor = PRAX_ABI_MINOR,
        .flags = PRAX_F_CONCURRENT | PRAX_F_RELOADABLE,
        .id = PRAX_STR_INIT("example/greet-c"),
        .version = PRAX_STR_INIT("1.0.0"),
        .create = create,
        .get_interface = get_interface,
        .destroy = destroy,
    };
    (void)host_minor;
    return host_major == PRAX_ABI_MAJOR ? &plugin : NULL;
}
