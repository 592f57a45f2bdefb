#include "../good.h"

static prax_status forget(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    (void)self, (void)call, (void)operation, (void)params_json;
    return PRAX_OK;
}

static const void *interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = forget};
    return get_interface(self, id) == NULL ? NULL : &skill;
}

GOOD_PLUGIN("never-ends")
ENTRY(plugin.get_interface = interface)
