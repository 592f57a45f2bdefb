#include "../good.h"

/* Linked against a library that is gone when the plugin is loaded. */
int from_a_missing_library(void);

GOOD_PLUGIN("missing-dependency")
ENTRY(plugin.min_host_minor = (uint32_t)from_a_missing_library())
