#include "../good.h"

/* The second end has to be PRAX_E_CONFLICT, or the answer says so. */
static prax_status end_twice(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    prax_status first = execute(self, call, operation, params_json);
    prax_status second = self->calls->finish(call, PRAX_STR("{\"answer\":\"second\"}"));
    return first == PRAX_OK && second == PRAX_E_CONFLICT ? PRAX_OK : PRAX_E_INTERNAL;
}

static const void *interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = end_twice};
    return get_interface(self, id) == NULL ? NULL : &skill;
}

GOOD_PLUGIN("ends-twice")
ENTRY(plugin.get_interface = interface)
