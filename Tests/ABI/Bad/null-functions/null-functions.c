#include "../good.h"

/* A description whose required functions are missing. */
GOOD_PLUGIN("null-functions")
ENTRY((plugin.create = NULL, plugin.get_interface = NULL, plugin.destroy = NULL))
