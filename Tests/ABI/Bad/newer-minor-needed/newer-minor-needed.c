#include "../good.h"

GOOD_PLUGIN("newer-minor-needed")
ENTRY((plugin.abi_minor = 7, plugin.min_host_minor = 7))
