#include <praximous/plugin.h>

/* "I cannot serve this host", said to every host. */
const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    return NULL;
}
