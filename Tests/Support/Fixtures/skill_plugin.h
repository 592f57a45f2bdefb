/*
 * The end of a plugin with one skill, for the tests' own: included last, after execute() and create().
 *
 * PLUGIN_ID       what it goes by: "test/plain".
 * PLUGIN_VERSION  "1.0.0" where it is not defined.
 * PLUGIN_FLAGS    PRAX_F_CONCURRENT where it is not defined.
 * PLUGIN_QUIESCE  its quiesce(), if it has one.
 * PLUGIN_DESTROY  its destroy(); free() where it is not defined.
 */
#include <praximous/plugin.h>
#include <stdlib.h>
#include <string.h>

#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.0.0"
#endif
#ifndef PLUGIN_FLAGS
#define PLUGIN_FLAGS PRAX_F_CONCURRENT
#endif
#ifndef PLUGIN_QUIESCE
#define PLUGIN_QUIESCE NULL
#endif
#ifndef PLUGIN_DESTROY
#define PLUGIN_DESTROY plugin_free
static void plugin_free(prax_instance *self) {
    free(self);
}
#endif

static const void *get_interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .execute = execute};
    (void)self;
    return strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : NULL;
}

const prax_plugin *prax_plugin_entry(uint32_t major, uint32_t minor) {
    static const prax_plugin plugin = {
        .magic = PRAX_MAGIC, .size = sizeof(prax_plugin), .abi_major = PRAX_ABI_MAJOR, .abi_minor = PRAX_ABI_MINOR,
        .flags = PLUGIN_FLAGS, .id = PRAX_STR_INIT(PLUGIN_ID), .version = PRAX_STR_INIT(PLUGIN_VERSION),
        .create = create, .get_interface = get_interface, .quiesce = PLUGIN_QUIESCE, .destroy = PLUGIN_DESTROY,
    };
    (void)major;
    (void)minor;
    return &plugin;
}
