#include "../good.h"

/* Returns its description whatever host asks, as a library from the future might. */
GOOD_PLUGIN("wrong-major")
ENTRY(plugin.abi_major = 2)
