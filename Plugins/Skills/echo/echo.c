/*
 * The smallest useful skill, and the one the benchmark measures: the prompt goes back as it came. The JSON text of the
 * prompt is copied as it was written, so nothing is decoded or escaped, and up to 4 kB nothing is allocated.
 */
#include <praximous/extras/json.h>
#include <praximous/plugin.h>

struct prax_instance {
    const prax_host_call *calls;
};

static const char before[] = "{\"echoed_prompt\":";
static const char after[] = ",\"message\":\"Prompt was successfully echoed.\"}";

static prax_status reject(const prax_host_call *calls, prax_call call) {
    prax_str none = {NULL, 0};
    return calls->fail(call, PRAX_E_INVALID, PRAX_STR("bad_prompt"), PRAX_STR("'prompt' must be a string."), none, 0);
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    prax_str prompt = prax_json_member(params_json, "prompt");
    size_t length = sizeof before - 1 + prompt.len + sizeof after - 1;
    char local[4096];
    char *text = local;
    prax_str result;
    prax_status status;
    (void)operation;
    if (prax_json_kind_of(prompt) != PRAX_JSON_STRING) return reject(self->calls, call);
    if (length > sizeof local) text = malloc(length);
    if (text == NULL) return PRAX_E_INTERNAL;

    memcpy(text, before, sizeof before - 1);
    memcpy(text + sizeof before - 1, prompt.ptr, prompt.len);
    memcpy(text + sizeof before - 1 + prompt.len, after, sizeof after - 1);
    result.ptr = text;
    result.len = length;
    status = self->calls->finish(call, result);

    if (text != local) free(text);
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
    if (PRAX_HAS(self->calls, fail)) return self;
    err(err_ctx, PRAX_STR("the host does not offer " PRAX_EXT_HOST_CALL));
    free(self);
    return NULL;
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
        .id = PRAX_STR_INIT("praximous/echo"),
        .version = PRAX_STR_INIT("1.0.0"),
        .create = create,
        .get_interface = get_interface,
        .destroy = destroy,
    };
    (void)host_minor;
    return host_major == PRAX_ABI_MAJOR ? &plugin : NULL;
}
