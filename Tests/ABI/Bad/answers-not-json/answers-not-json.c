#include "../good.h"

static prax_status babble(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    (void)operation, (void)params_json;
    return self->calls->finish(call, PRAX_STR("{\"unfinished\":"));
}

static const void *interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = babble};
    return get_interface(self, id) == NULL ? NULL : &skill;
}

GOOD_PLUGIN("answers-not-json")
ENTRY(plugin.get_interface = interface)
