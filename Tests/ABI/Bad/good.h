/* A skill with nothing wrong. Each library here includes it and spoils one thing. */
#include <stdlib.h>
#include <string.h>

#include <praximous/plugin.h>

struct prax_instance {
    const prax_host_call *calls;
};

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    (void)operation, (void)params_json;
    return self->calls->finish(call, PRAX_STR("{}"));
}

static prax_str describe(prax_instance *self) {
    (void)self;
    return (prax_str){NULL, 0};
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = malloc(sizeof *self);
    (void)err, (void)err_ctx;
    if (self != NULL) self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
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

#define GOOD_PLUGIN(name)                        \
    static prax_plugin plugin = {                \
        .magic = PRAX_MAGIC,                     \
        .size = sizeof(prax_plugin),             \
        .abi_major = PRAX_ABI_MAJOR,             \
        .abi_minor = PRAX_ABI_MINOR,             \
        .id = PRAX_STR_INIT("praximous/" name),  \
        .version = PRAX_STR_INIT("1.0.0"),       \
        .create = create,                        \
        .get_interface = get_interface,          \
        .destroy = destroy,                      \
    };

/* `spoil` is a statement that runs before the description is handed out. */
#define ENTRY(spoil)                                                                   \
    const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {   \
        (void)host_major, (void)host_minor;                                            \
        spoil;                                                                         \
        return &plugin;                                                                \
    }
