#include "../good.h"

/* The interface is there and what it is for is not. */
static const void *hollow_interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe};
    (void)execute, (void)get_interface(self, id);
    return strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : NULL;
}

GOOD_PLUGIN("null-execute")
ENTRY(plugin.get_interface = hollow_interface)
